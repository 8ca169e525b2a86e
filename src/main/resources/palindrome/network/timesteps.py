# Timesteps: sinusoids, always computed in float32 (type code 6), then in the
# type of the sample.
def angles(self, timesteps: Tensor) -> Tensor:
  i = torch.arange(@HALF@, dtype=6, device=ops.prim.device(timesteps))
  exponent = torch.div(torch.mul(i, @NEG_LOG_MAX_PERIOD@), @DIVISOR@)
  t = torch.unsqueeze(torch.to(timesteps, 6), 1)
  return torch.mul(t, torch.unsqueeze(torch.exp(exponent), 0))
def sin_cos(self, sample: Tensor, timesteps: Tensor) -> Tensor:
  a = self.angles(timesteps)
  return torch.type_as(torch.cat([torch.sin(a), torch.cos(a)], 1), sample)
def cos_sin(self, sample: Tensor, timesteps: Tensor) -> Tensor:
  a = self.angles(timesteps)
  return torch.type_as(torch.cat([torch.cos(a), torch.sin(a)], 1), sample)
