# alpha, sigma, weight: one value an image, shape [B]
def noisy(self, clean: Tensor, noise: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
  return torch.add(torch.mul(clean, torch.reshape(alpha, [-1, 1, 1, 1])), torch.mul(noise, torch.reshape(sigma, [-1, 1, 1, 1])))

# v = alpha * noise - sigma * clean (Salimans and Ho 2022)
def velocity(self, clean: Tensor, noise: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
  return torch.sub(torch.mul(noise, torch.reshape(alpha, [-1, 1, 1, 1])), torch.mul(clean, torch.reshape(sigma, [-1, 1, 1, 1])))

def error(self, prediction: Tensor, target: Tensor) -> Tensor:
  difference = torch.sub(prediction, target)
  return torch.mean(torch.flatten(torch.mul(difference, difference), 1), [1])

def weighted(self, error: Tensor, weight: Tensor) -> Tensor:
  return torch.mean(torch.mul(error, weight))

def to_state(self, pixels: Tensor) -> Tensor:
  return torch.pixel_unshuffle(pixels, @UNSHUFFLE@)
