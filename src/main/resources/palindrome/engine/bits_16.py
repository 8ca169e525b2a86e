# Bytes, two a value, read as bfloat16 and widened to float32.
def bfloat16(self, bytes: Tensor) -> Tensor:
  return torch.to(torch.view_copy(bytes, dtype=15), 6)
