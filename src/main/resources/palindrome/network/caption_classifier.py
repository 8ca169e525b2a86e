# The two ends of CaptionClassifier. The cast to the weights' type is part of the
# graph, so that the gradient of a float64 state is float64. Activations lie in
# memory with channels last (format 2), as in the UNet.
def conv_in(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  x = torch.contiguous(torch.type_as(x, weight), memory_format=2)
  return torch.conv2d(x, weight, bias, [1, 1], [1, 1])
# The mean over all places is what makes any size legal.
def pool(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor) -> Tensor:
  h = torch.silu_(torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@))
  return torch.mean(h, [2, 3])
def head(self, features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.linear(features, weight, bias)
# choice: 0 for words that count, minus infinity for the others
def log_probability(self, logits: Tensor, choice: Tensor) -> Tensor:
  chosen = torch.logsumexp(torch.add(logits, choice), [1])
  return torch.sum(torch.sub(chosen, torch.logsumexp(logits, [1])))
