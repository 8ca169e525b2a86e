# What an attention layer does under Prompt-to-Prompt's control. Calls the methods of
# basic_transformer_block.py. The output of attention is linear in its values, so changed
# probabilities P S of the other image, and P t of this one, are changed values: (P S) V = P (S V).
def attend(self, tokens: Tensor, context: Tensor, values: Tensor, to_q: Tensor, to_k: Tensor) -> Tensor:
  q = self.heads(self.linear(tokens, to_q, None))
  k = self.heads(self.linear(context, to_k, None))
  h = torch.scaled_dot_product_attention(q, k, self.heads(values))
  return torch.flatten(torch.transpose(h, 1, 2), 2)
def injected_self_attention(self, x: Tensor, source: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  values = self.linear(self.norm(x, norm_weight, norm_bias), to_v, None)
  other = self.norm(source, norm_weight, norm_bias)
  h = self.attend(other, other, values, to_q, to_k)
  return torch.add_(self.linear(h, out_weight, out_bias), x)
def weighted_cross_attention(self, x: Tensor, context: Tensor, own: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  values = torch.mul(self.linear(context, to_v, None), torch.reshape(own, [-1, 1]))
  h = self.attend(self.norm(x, norm_weight, norm_bias), context, values, to_q, to_k)
  return torch.add_(self.linear(h, out_weight, out_bias), x)
def source_cross_attention(self, x: Tensor, context: Tensor, source: Tensor, source_context: Tensor, from_source: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  values = torch.matmul(from_source, self.linear(context, to_v, None))
  h = self.attend(self.norm(source, norm_weight, norm_bias), source_context, values, to_q, to_k)
  return torch.add_(self.linear(h, out_weight, out_bias), x)
def mixed_cross_attention(self, x: Tensor, context: Tensor, own: Tensor, source: Tensor, source_context: Tensor, from_source: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  values = self.linear(context, to_v, None)
  kept = torch.mul(values, torch.reshape(own, [-1, 1]))
  taken = torch.matmul(from_source, values)
  h = self.attend(self.norm(x, norm_weight, norm_bias), context, kept, to_q, to_k)
  other = self.attend(self.norm(source, norm_weight, norm_bias), source_context, taken, to_q, to_k)
  return torch.add_(self.linear(torch.add(h, other), out_weight, out_bias), x)
# Probabilities summed over tokens with weights [L, W], the mean over the heads: [B, places, W].
def attention_to(self, x: Tensor, context: Tensor, columns: Tensor, norm_weight: Tensor, norm_bias: Tensor, to_q: Tensor, to_k: Tensor, to_v: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  q = self.heads(self.linear(self.norm(x, norm_weight, norm_bias), to_q, None))
  k = self.heads(self.linear(context, to_k, None))
  v = torch.expand(torch.unsqueeze(torch.unsqueeze(columns, 0), 0), [torch.size(q, 0), @HEADS@, -1, -1])
  h = torch.scaled_dot_product_attention(q, k, v)
  return torch.to(torch.mean(h, [1]), 6)
