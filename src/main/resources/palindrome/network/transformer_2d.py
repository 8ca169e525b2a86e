# Transformer2DModel without its blocks: pixels to tokens and back.
# A 1x1 convolution and a linear layer are the same map of tokens, so both
# kinds of projection weights are flattened to a matrix.
def project_in(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@)
  h = torch.transpose(torch.flatten(h, 2), 1, 2)
  return self.linear(h, torch.flatten(weight, 1), bias)
def project_out(self, tokens: Tensor, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  h = self.linear(tokens, torch.flatten(weight, 1), bias)
  return torch.add(x, torch.reshape(torch.transpose(h, 1, 2), torch.size(x)))
