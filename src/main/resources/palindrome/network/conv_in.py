# The first convolution of a network. From here on activations lie in memory
# with channels last (format 2): convolutions take a sixth less time so, and
# every operation keeps the order it is given.
def forward(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  x = torch.contiguous(x, memory_format=2)
  if @PADDING@ == 0:
    y = self.conv1x1(x, weight, bias)
  else:
    y = torch.conv2d(x, weight, bias, [1, 1], [@PADDING@, @PADDING@])
  return y
def forward_centered(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return self.forward(torch.sub(torch.mul(x, 2), 1), weight, bias)
