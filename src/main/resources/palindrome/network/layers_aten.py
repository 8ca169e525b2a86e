# Linear layers, as every build of libtorch has them.
def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.linear(x, weight, bias)
def linear_gelu(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.gelu(torch.linear(x, weight, bias))
