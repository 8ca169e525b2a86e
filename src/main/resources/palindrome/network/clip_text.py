# CLIPTextModel: embeddings, pre-norm encoder layers under a causal mask, and
# the pooling rules of the end-of-text token.
def embed(self, ids: Tensor, token: Tensor, position: Tensor) -> Tensor:
  return torch.add(torch.embedding(token, ids), torch.slice(position, 0, 0, torch.size(ids, 1)))
def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.layer_norm(x, torch.size(weight), weight, bias, @EPS@)
def heads(self, x: Tensor) -> Tensor:
  return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), @HEADS@, -1]), 1, 2)
def attention(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, q_weight: Tensor, q_bias: Tensor, k_weight: Tensor, k_bias: Tensor, v_weight: Tensor, v_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  h = self.norm(x, norm_weight, norm_bias)
  q = self.heads(torch.linear(h, q_weight, q_bias))
  k = self.heads(torch.linear(h, k_weight, k_bias))
  v = self.heads(torch.linear(h, v_weight, v_bias))
  a = torch.scaled_dot_product_attention(q, k, v, None, 0., True)
  a = torch.linear(torch.flatten(torch.transpose(a, 1, 2), 2), out_weight, out_bias)
  return torch.add(x, a)
def layer_gelu(self, x: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, q_weight: Tensor, q_bias: Tensor, k_weight: Tensor, k_bias: Tensor, v_weight: Tensor, v_bias: Tensor, out_weight: Tensor, out_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, fc1_weight: Tensor, fc1_bias: Tensor, fc2_weight: Tensor, fc2_bias: Tensor) -> Tensor:
  x = self.attention(x, norm1_weight, norm1_bias, q_weight, q_bias, k_weight, k_bias, v_weight, v_bias, out_weight, out_bias)
  h = torch.linear(self.norm(x, norm2_weight, norm2_bias), fc1_weight, fc1_bias)
  return torch.add(x, torch.linear(torch.gelu(h), fc2_weight, fc2_bias))
def layer_quick_gelu(self, x: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, q_weight: Tensor, q_bias: Tensor, k_weight: Tensor, k_bias: Tensor, v_weight: Tensor, v_bias: Tensor, out_weight: Tensor, out_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor, fc1_weight: Tensor, fc1_bias: Tensor, fc2_weight: Tensor, fc2_bias: Tensor) -> Tensor:
  x = self.attention(x, norm1_weight, norm1_bias, q_weight, q_bias, k_weight, k_bias, v_weight, v_bias, out_weight, out_bias)
  h = torch.linear(self.norm(x, norm2_weight, norm2_bias), fc1_weight, fc1_bias)
  h = torch.mul(h, torch.sigmoid(torch.mul(h, 1.702)))
  return torch.add(x, torch.linear(h, fc2_weight, fc2_bias))
def pool(self, hidden: Tensor, is_end: Tensor) -> Tensor:
  row = torch.argmax(torch.to(is_end, 3), 1)
  index = torch.expand(torch.reshape(row, [-1, 1, 1]), [-1, 1, torch.size(hidden, 2)])
  return torch.squeeze(torch.gather(hidden, 1, index), 1)
def pool_largest_id(self, hidden: Tensor, ids: Tensor) -> Tensor:
  return self.pool(hidden, torch.eq(ids, torch.amax(ids, [1], True)))
def pool_end_id(self, hidden: Tensor, ids: Tensor) -> Tensor:
  return self.pool(hidden, torch.eq(ids, @END_ID@))
