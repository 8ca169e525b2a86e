# The input of an inpainting network: sample, mask, masked image. The mask is one
# where the network may paint, here everywhere.
def all_masked(self, x: Tensor, image: Tensor) -> Tensor:
  mask = torch.ones_like(torch.slice(x, 1, 0, 1))
  return torch.cat([x, mask, torch.expand_as(image, x)], 1)
