# The input of an inpainting network: sample, mask, masked image. The mask is one
# where the network may paint; of an image under such a mask nothing is left.
def all_masked(self, x: Tensor) -> Tensor:
  mask = torch.ones_like(torch.slice(x, 1, 0, 1))
  return torch.cat([x, mask, torch.zeros_like(x)], 1)
