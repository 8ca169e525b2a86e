# ResnetBlock2D that halves or doubles the height and width on its way: both the
# residual and, before its first convolution, the normalised input.
def half(self, x: Tensor) -> Tensor:
  return torch.avg_pool2d(x, [2, 2], [2, 2])
def double(self, x: Tensor, like: Tensor) -> Tensor:
  return torch.upsample_nearest2d(x, [torch.size(like, 2), torch.size(like, 3)], None, None)
def norm_act(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.silu(torch.group_norm(x, @GROUPS@, weight, bias, @EPS@))
def time_projection(self, temb: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  t = torch.linear(torch.silu(temb), weight, bias)
  return torch.unsqueeze(torch.unsqueeze(t, 2), 3)
def rest(self, x: Tensor, h: Tensor, temb: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  h = torch.conv2d(h, conv1_weight, conv1_bias, [1, 1], [1, 1])
  t = self.time_projection(temb, time_weight, time_bias)
  if torch.size(t, 1) == torch.size(h, 1):
    h = self.norm_act(torch.add(h, t), norm2_weight, norm2_bias)
  else:
    halves = torch.chunk(t, 2, 1)
    h = torch.group_norm(h, @GROUPS@, norm2_weight, norm2_bias, @EPS@)
    h = torch.silu(torch.add(torch.mul(h, torch.add(halves[0], 1)), halves[1]))
  return torch.add(x, torch.conv2d(h, conv2_weight, conv2_bias, [1, 1], [1, 1]))
def down(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  h = self.half(self.norm_act(x, norm1_weight, norm1_bias))
  return self.rest(self.half(x), h, temb, conv1_weight, conv1_bias, time_weight, time_bias, norm2_weight, norm2_bias, conv2_weight, conv2_bias)
def up(self, x: Tensor, temb: Tensor, like: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  h = self.double(self.norm_act(x, norm1_weight, norm1_bias), like)
  return self.rest(self.double(x, like), h, temb, conv1_weight, conv1_bias, time_weight, time_bias, norm2_weight, norm2_bias, conv2_weight, conv2_bias)
