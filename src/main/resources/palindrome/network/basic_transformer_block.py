# BasicTransformerBlock: self-attention, cross-attention, gated feed-forward,
# each on a normalised copy and added to the tokens.
def heads(self, x: Tensor) -> Tensor:
  return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), @HEADS@, -1]), 1, 2)
def attention(self, x: Tensor, context: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  q = self.heads(self.linear(x, to_q, None))
  k = self.heads(self.linear(context, to_k, None))
  v = self.heads(self.linear(context, to_v, None))
  h = torch.scaled_dot_product_attention(q, k, v)
  return self.linear(torch.flatten(torch.transpose(h, 1, 2), 2), out_weight, out_bias)
def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.layer_norm(x, torch.size(weight), weight, bias, @EPS@)
def self_attention(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  h = self.norm(x, norm_weight, norm_bias)
  return torch.add_(self.attention(h, h, to_q, to_k, to_v, out_weight, out_bias), x)
def cross_attention(self, x: Tensor, context: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  h = self.norm(x, norm_weight, norm_bias)
  return torch.add_(self.attention(h, context, to_q, to_k, to_v, out_weight, out_bias), x)
# The projection's upper half is the value, its lower half the gate.
def feed_forward(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  h = self.norm(x, norm_weight, norm_bias)
  weights = torch.chunk(proj_weight, 2)
  biases = torch.chunk(proj_bias, 2)
  gate = self.linear_gelu(h, weights[1], biases[1])
  h = torch.mul_(self.linear(h, weights[0], biases[0]), gate)
  return torch.add_(self.linear(h, out_weight, out_bias), x)
