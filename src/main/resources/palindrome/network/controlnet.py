# What ControlNetModel adds to the half of the UNet that it copies.
# NB: channels last (format 2) is more than a matter of speed: on AVX-512
# processors libtorch 2.7.1 gives wrong results in the usual order where the number of input
# channels is an odd multiple of 8, above 8.
def channels_last(self, x: Tensor) -> Tensor:
  return torch.contiguous(x, memory_format=2)
def conv(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.conv2d(x, weight, bias, [1, 1], [1, 1])
def conv_act(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.silu(self.conv(x, weight, bias))
def conv_act_half(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.silu(torch.conv2d(x, weight, bias, [2, 2], [1, 1]))
def reverse_channels(self, x: Tensor) -> Tensor:
  return self.channels_last(torch.flip(x, [1]))
def residual(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return self.conv1x1(x, weight, bias)
def pooled_residual(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.mean(self.residual(x, weight, bias), [2, 3], True)
