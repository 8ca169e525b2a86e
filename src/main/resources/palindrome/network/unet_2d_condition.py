# The two ends of UNet2DConditionModel.
def conv_in(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.conv2d(x, weight, bias, [1, 1], [@PADDING_IN@, @PADDING_IN@])
def conv_in_centered(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return self.conv_in(torch.sub(torch.mul(x, 2), 1), weight, bias)
def conv_out(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.silu(torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  return torch.conv2d(h, weight, bias, [1, 1], [@PADDING_OUT@, @PADDING_OUT@])
