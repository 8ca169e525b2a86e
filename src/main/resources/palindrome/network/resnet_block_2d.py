# ResnetBlock2D: norm, SiLU, convolution, twice; the time embedding enters
# between them, the input is added at the end.
# Additions in place reuse the output of a convolution, which no gradient needs;
# SiLU in place reuses that of a norm, and autograd keeps a copy where it trains.
def norm_act_conv(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.silu_(torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  return torch.conv2d(h, weight, bias, [1, 1], [1, 1])
def time_projection(self, temb: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  t = torch.linear(torch.silu(temb), weight, bias)
  return torch.unsqueeze(torch.unsqueeze(t, 2), 3)
def hidden(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  h = self.norm_act_conv(x, norm1_weight, norm1_bias, conv1_weight, conv1_bias)
  h = torch.add_(h, self.time_projection(temb, time_weight, time_bias))
  return self.norm_act_conv(h, norm2_weight, norm2_bias, conv2_weight, conv2_bias)
def hidden_scale_shift(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  h = self.norm_act_conv(x, norm1_weight, norm1_bias, conv1_weight, conv1_bias)
  t = torch.chunk(self.time_projection(temb, time_weight, time_bias), 2, 1)
  h = torch.group_norm(h, @GROUPS@, norm2_weight, norm2_bias, @EPS@)
  h = torch.add(torch.mul(h, torch.add(t[0], 1)), t[1])
  return torch.conv2d(torch.silu_(h), conv2_weight, conv2_bias, [1, 1], [1, 1])
def residual(self, x: Tensor, h: Tensor) -> Tensor:
  h = torch.add_(h, x)
  if @OUTPUT_SCALE@ != 1.0:
    h = torch.div(h, @OUTPUT_SCALE@)
  return h
def forward(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  return self.residual(x, self.hidden(x, temb, norm1_weight, norm1_bias, conv1_weight, conv1_bias, time_weight, time_bias, norm2_weight, norm2_bias, conv2_weight, conv2_bias))
def forward_shortcut(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor, shortcut_weight: Tensor, shortcut_bias: Tensor) -> Tensor:
  h = self.hidden(x, temb, norm1_weight, norm1_bias, conv1_weight, conv1_bias, time_weight, time_bias, norm2_weight, norm2_bias, conv2_weight, conv2_bias)
  return self.residual(self.conv1x1(x, shortcut_weight, shortcut_bias), h)
def forward_scale_shift(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  return self.residual(x, self.hidden_scale_shift(x, temb, norm1_weight, norm1_bias, conv1_weight, conv1_bias, time_weight, time_bias, norm2_weight, norm2_bias, conv2_weight, conv2_bias))
def forward_scale_shift_shortcut(self, x: Tensor, temb: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, time_weight: Tensor, time_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor, shortcut_weight: Tensor, shortcut_bias: Tensor) -> Tensor:
  h = self.hidden_scale_shift(x, temb, norm1_weight, norm1_bias, conv1_weight, conv1_bias, time_weight, time_bias, norm2_weight, norm2_bias, conv2_weight, conv2_bias)
  return self.residual(self.conv1x1(x, shortcut_weight, shortcut_bias), h)
