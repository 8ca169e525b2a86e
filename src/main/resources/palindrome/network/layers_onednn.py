# Linear layers and 1x1 convolutions in a build of libtorch that has oneDNN.
# Its matrix product uses vector units that the BLAS library leaves alone on some
# processors, but has no gradient and knows float32 (type code 6) on a CPU only.
def is_fused(self, x: Tensor, weight: Tensor) -> bool:
  gradient = ops.prim.requires_grad(x) or ops.prim.requires_grad(weight)
  return ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6 and not gradient
def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  if self.is_fused(x, weight):
    y = ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
  else:
    y = torch.linear(x, weight, bias)
  return y
def linear_gelu(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  if self.is_fused(x, weight):
    y = ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", [], "none")
  else:
    y = torch.gelu(torch.linear(x, weight, bias))
  return y
# A linear map of each place. NB: not a convolution: with channels last, oneDNN of PyTorch
# 2.7.1 computes wrong 1x1 convolutions on AVX-512 processors (640 to 1280 channels, 16x16).
def conv1x1(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  y = self.linear(torch.permute(x, [0, 2, 3, 1]), torch.flatten(weight, 1), bias)
  return torch.permute(y, [0, 3, 1, 2])
