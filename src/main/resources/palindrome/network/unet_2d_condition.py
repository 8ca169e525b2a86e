# The two ends of UNet2DConditionModel. In between, activations lie in memory
# with channels last (format 2): convolutions take a sixth less time so, and
# every operation keeps the order it is given.
def conv_in(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  x = torch.contiguous(x, memory_format=2)
  return torch.conv2d(x, weight, bias, [1, 1], [@PADDING_IN@, @PADDING_IN@])
def conv_in_centered(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return self.conv_in(torch.sub(torch.mul(x, 2), 1), weight, bias)
def conv_out(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.silu_(torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  return torch.contiguous(torch.conv2d(h, weight, bias, [1, 1], [@PADDING_OUT@, @PADDING_OUT@]))
