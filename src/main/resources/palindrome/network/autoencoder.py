# The ends of an autoencoder and what stands between its levels. Activations lie
# in memory with channels last (format 2), as in the UNet.
def conv_in(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.conv2d(torch.contiguous(x, memory_format=2), weight, bias, [1, 1], [1, 1])
def conv_out(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.silu_(self.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  return torch.contiguous(torch.conv2d(h, weight, bias, [1, 1], [1, 1]))
def up(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.upsample_nearest2d(x, [2 * torch.size(x, 2), 2 * torch.size(x, 3)], None, None)
  return torch.conv2d(h, weight, bias, [1, 1], [1, 1])
def pointwise(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.contiguous(self.conv1x1(x, weight, bias))
# The first half of the moments; the second is the logarithm of the variance.
def mean(self, moments: Tensor) -> Tensor:
  return torch.contiguous(torch.chunk(moments, 2, 1)[0])
# The nearest vector of the codebook for every place.
def quantize(self, x: Tensor, codebook: Tensor) -> Tensor:
  places = torch.permute(x, [0, 2, 3, 1])
  nearest = torch.argmin(torch.cdist(torch.flatten(places, 0, 2), codebook), 1)
  vectors = torch.reshape(torch.embedding(codebook, nearest), torch.size(places))
  return torch.contiguous(torch.permute(vectors, [0, 3, 1, 2]))
