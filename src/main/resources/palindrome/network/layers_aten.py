# Linear layers and 1x1 convolutions, as every build of libtorch has them.
def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.linear(x, weight, bias)
def linear_gelu(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.gelu(torch.linear(x, weight, bias))
def conv1x1(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.conv2d(x, weight, bias)
