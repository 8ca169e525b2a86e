def half(self, x: Tensor) -> Tensor:
  return torch.to(x, 15)
