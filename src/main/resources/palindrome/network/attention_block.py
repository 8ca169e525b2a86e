# AttentionBlock: self-attention of pixels, added to the input.
def heads(self, x: Tensor) -> Tensor:
  return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), @HEADS@, -1]), 1, 2)
def attend(self, x: Tensor, normed: Tensor, q_weight: Tensor, q_bias: Tensor, k_weight: Tensor, k_bias: Tensor, v_weight: Tensor, v_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  h = torch.transpose(torch.flatten(normed, 2), 1, 2)
  q = self.heads(torch.linear(h, q_weight, q_bias))
  k = self.heads(torch.linear(h, k_weight, k_bias))
  v = self.heads(torch.linear(h, v_weight, v_bias))
  a = torch.scaled_dot_product_attention(q, k, v)
  a = torch.linear(torch.flatten(torch.transpose(a, 1, 2), 2), out_weight, out_bias)
  h = torch.add(torch.reshape(torch.transpose(a, 1, 2), torch.size(x)), x)
  if @OUTPUT_SCALE@ != 1.0:
    h = torch.div(h, @OUTPUT_SCALE@)
  return h
def forward(self, x: Tensor, norm_weight: Tensor, norm_bias: Tensor, q_weight: Tensor, q_bias: Tensor, k_weight: Tensor, k_bias: Tensor, v_weight: Tensor, v_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  normed = torch.group_norm(x, @GROUPS@, norm_weight, norm_bias, @EPS@)
  return self.attend(x, normed, q_weight, q_bias, k_weight, k_bias, v_weight, v_bias, out_weight, out_bias)
def forward_without_norm(self, x: Tensor, q_weight: Tensor, q_bias: Tensor, k_weight: Tensor, k_bias: Tensor, v_weight: Tensor, v_bias: Tensor, out_weight: Tensor, out_bias: Tensor) -> Tensor:
  return self.attend(x, x, q_weight, q_bias, k_weight, k_bias, v_weight, v_bias, out_weight, out_bias)
