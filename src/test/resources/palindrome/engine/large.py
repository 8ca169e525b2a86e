def large(self, x: Tensor) -> Tensor:
  return torch.add(x, torch.zeros([1125899906842624]))
def wrong(self, x: Tensor) -> Tensor:
  return torch.view(x, [17])
