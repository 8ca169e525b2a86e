# ResnetBlock2D without a time embedding.
def half(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.silu_(self.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  return torch.conv2d(h, weight, bias, [1, 1], [1, 1])
def forward(self, x: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor) -> Tensor:
  h = self.half(x, norm1_weight, norm1_bias, conv1_weight, conv1_bias)
  return torch.add_(self.half(h, norm2_weight, norm2_bias, conv2_weight, conv2_bias), x)
def forward_shortcut(self, x: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, conv1_weight: Tensor, conv1_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, conv2_weight: Tensor, conv2_bias: Tensor, shortcut_weight: Tensor, shortcut_bias: Tensor) -> Tensor:
  h = self.half(x, norm1_weight, norm1_bias, conv1_weight, conv1_bias)
  h = self.half(h, norm2_weight, norm2_bias, conv2_weight, conv2_bias)
  return torch.add_(h, self.conv1x1(x, shortcut_weight, shortcut_bias))
