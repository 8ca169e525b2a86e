# BasicTransformerBlock: self-attention, cross-attention, gated feed-forward,
# each on a normalised copy and added to the tokens.
def heads(self, x: Tensor) -> Tensor:
  return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), @HEADS@, -1]), 1, 2)
def attention(self, x: Tensor, context: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  q = self.heads(torch.linear(x, to_q))
  k = self.heads(torch.linear(context, to_k))
  v = self.heads(torch.linear(context, to_v))
  h = torch.scaled_dot_product_attention(q, k, v)
  return torch.linear(torch.flatten(torch.transpose(h, 1, 2), 2), out_weight, out_bias)
def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.layer_norm(x, torch.size(weight), weight, bias, @EPS@)
def feed_forward(self, x: Tensor, proj_weight: Tensor, proj_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  halves = torch.chunk(torch.linear(x, proj_weight, proj_bias), 2, -1)
  h = torch.mul(halves[0], torch.gelu(halves[1]))
  return torch.linear(h, out_weight, out_bias)
def forward(self, x: Tensor, context: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, q1: Tensor, k1: Tensor, v1: Tensor, out1_weight: Tensor, out1_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, q2: Tensor, k2: Tensor, v2: Tensor, out2_weight: Tensor, out2_bias: Tensor, norm3_weight: Tensor, norm3_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  h = self.norm(x, norm1_weight, norm1_bias)
  x = torch.add(x, self.attention(h, h, q1, k1, v1, out1_weight, out1_bias))
  h = self.norm(x, norm2_weight, norm2_bias)
  x = torch.add(x, self.attention(h, context, q2, k2, v2, out2_weight, out2_bias))
  h = self.norm(x, norm3_weight, norm3_bias)
  return torch.add(x, self.feed_forward(h, proj_weight, proj_bias, out_weight, out_bias))
