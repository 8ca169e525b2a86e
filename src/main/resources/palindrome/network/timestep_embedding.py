# Timesteps and TimestepEmbedding: sinusoids of the timestep, always in float32
# (type code 6), then a two-layer perceptron in the type of the sample.
def angles(self, timesteps: Tensor) -> Tensor:
  i = torch.arange(@HALF@, dtype=6, device=ops.prim.device(timesteps))
  exponent = torch.div(torch.mul(i, @NEG_LOG_MAX_PERIOD@), @DIVISOR@)
  t = torch.unsqueeze(torch.to(timesteps, 6), 1)
  return torch.mul(t, torch.unsqueeze(torch.exp(exponent), 0))
def perceptron(self, x: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> Tensor:
  return torch.linear(torch.silu(torch.linear(x, weight1, bias1)), weight2, bias2)
def sin_cos(self, sample: Tensor, timesteps: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> Tensor:
  a = self.angles(timesteps)
  e = torch.type_as(torch.cat([torch.sin(a), torch.cos(a)], 1), sample)
  return self.perceptron(e, weight1, bias1, weight2, bias2)
def cos_sin(self, sample: Tensor, timesteps: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> Tensor:
  a = self.angles(timesteps)
  e = torch.type_as(torch.cat([torch.cos(a), torch.sin(a)], 1), sample)
  return self.perceptron(e, weight1, bias1, weight2, bias2)
