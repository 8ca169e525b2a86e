# GaussianFourierProjection: sines and cosines of the logarithm of the timestep
# at stored frequencies.
def forward(self, sample: Tensor, timesteps: Tensor, weight: Tensor) -> Tensor:
  t = torch.unsqueeze(torch.log(torch.to(timesteps, 6)), 1)
  a = torch.mul(torch.mul(torch.mul(t, torch.unsqueeze(weight, 0)), 2), @PI@)
  return torch.type_as(torch.cat([torch.sin(a), torch.cos(a)], 1), sample)
