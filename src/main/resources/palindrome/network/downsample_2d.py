# Downsample2D: a convolution of stride 2; without padding, one row and column
# of zeros are appended at the bottom and on the right.
def forward(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.conv2d(x, weight, bias, [2, 2], [@PADDING@, @PADDING@])
def forward_asymmetric(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.conv2d(torch.constant_pad_nd(x, [0, 1, 0, 1]), weight, bias, [2, 2])
