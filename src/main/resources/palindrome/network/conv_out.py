# The last norm and convolution of a UNet, from channels last to the usual order.
def forward(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.silu_(torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  if @PADDING@ == 0:
    y = self.conv1x1(h, weight, bias)
  else:
    y = torch.conv2d(h, weight, bias, [1, 1], [@PADDING@, @PADDING@])
  return torch.contiguous(y)
def over_timesteps(self, x: Tensor, timesteps: Tensor) -> Tensor:
  return torch.div(x, torch.reshape(torch.type_as(timesteps, x), [-1, 1, 1, 1]))
