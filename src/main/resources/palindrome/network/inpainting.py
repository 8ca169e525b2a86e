# The input of an inpainting network: sample, mask, masked image. The mask is one
# where the network may paint, here everywhere.
def all_masked(self, x: Tensor, image: Tensor) -> Tensor:
  mask = torch.ones_like(torch.slice(x, 1, 0, 1))
  return torch.cat([x, mask, torch.expand_as(image, x)], 1)

# As above, with a given mask [1, 1, H, W] and masked image [1, C, H, W] for all samples.
def masked(self, x: Tensor, mask: Tensor, image: Tensor) -> Tensor:
  b = torch.size(x, 0)
  h = torch.size(x, 2)
  w = torch.size(x, 3)
  return torch.cat([x, torch.expand(mask, [b, 1, h, w]), torch.expand_as(image, x)], 1)
