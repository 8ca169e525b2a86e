# Upsample2D: nearest neighbour to the height and width of another array, which
# is twice the size or one less, then a convolution.
def forward(self, x: Tensor, like: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.upsample_nearest2d(x, [torch.size(like, 2), torch.size(like, 3)], None, None)
  return torch.conv2d(h, weight, bias, [1, 1], [1, 1])
