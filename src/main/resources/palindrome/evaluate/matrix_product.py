# A plain matrix product, by libtorch's BLAS library.
def multiply(self, a: Tensor, b: Tensor) -> Tensor:
  return torch.matmul(a, b)
