# Two 3x3 convolutions, periodic at the edges; the shift stands for timestep and
# prompt, one row a prompt. Written as shifts, products and sums, which on so few
# pixels stay on one thread: a busy machine takes milliseconds to wake a second.
def convolve(self, x: Tensor, weight: Tensor) -> Tensor:
  rows = torch.cat([torch.roll(x, [-1], [3]), x, torch.roll(x, [1], [3])], 1)
  patches = torch.cat([torch.roll(rows, [-1], [2]), rows, torch.roll(rows, [1], [2])], 1)
  patches = torch.unsqueeze(torch.flatten(patches, 2, -1), 1)
  return torch.sum(torch.mul(patches, torch.unsqueeze(weight, 2)), [2])
def denoise(self, x: Tensor, shift: Tensor, inner: Tensor, outer: Tensor) -> Tensor:
  h = torch.tanh(torch.add(self.convolve(x, inner), shift))
  h = torch.reshape(h, [torch.size(h, 0), @HIDDEN@, @SIDE@, @SIDE@])
  return torch.reshape(self.convolve(h, outer), [torch.size(h, 0), @CHANNELS@, @SIDE@, @SIDE@])
def guide(self, output: Tensor, guidance: Tensor) -> Tensor:
  unconditional = torch.slice(output, 0, 0, 1)
  conditional = torch.slice(output, 0, 1, 2)
  return torch.add(unconditional, torch.mul(torch.sub(conditional, unconditional), guidance))
