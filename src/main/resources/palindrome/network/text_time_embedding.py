# TextTimeEmbedding: the text states, pooled to one vector by attention of their
# mean to the states and to itself, as wide as the time embedding it is added to.
def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.layer_norm(x, torch.size(weight), weight, bias, @EPS@)
def heads(self, x: Tensor) -> Tensor:
  return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), @HEADS@, -1]), 1, 2)
def pool(self, states: Tensor, position: Tensor, k_weight: Tensor, k_bias: Tensor, q_weight: Tensor, q_bias: Tensor, v_weight: Tensor, v_bias: Tensor) -> Tensor:
  token = torch.add(torch.mean(states, [1], True), position)
  tokens = torch.cat([token, states], 1)
  q = self.heads(torch.linear(token, q_weight, q_bias))
  k = self.heads(torch.linear(tokens, k_weight, k_bias))
  v = self.heads(torch.linear(tokens, v_weight, v_bias))
  return torch.flatten(torch.scaled_dot_product_attention(q, k, v), 1)
def add_to(self, temb: Tensor, states: Tensor, norm1_weight: Tensor, norm1_bias: Tensor, position: Tensor, k_weight: Tensor, k_bias: Tensor, q_weight: Tensor, q_bias: Tensor, v_weight: Tensor, v_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, norm2_weight: Tensor, norm2_bias: Tensor) -> Tensor:
  h = self.norm(states, norm1_weight, norm1_bias)
  h = self.pool(h, position, k_weight, k_bias, q_weight, q_bias, v_weight, v_bias)
  h = torch.linear(h, proj_weight, proj_bias)
  return torch.add(temb, self.norm(h, norm2_weight, norm2_bias))
