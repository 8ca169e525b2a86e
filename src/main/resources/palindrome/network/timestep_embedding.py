# TimestepEmbedding: a two-layer perceptron, before which a projected second
# vector may be added.
def forward(self, x: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> Tensor:
  return torch.linear(torch.silu(torch.linear(x, weight1, bias1)), weight2, bias2)
def add_condition(self, x: Tensor, condition: Tensor, weight: Tensor) -> Tensor:
  return torch.add(x, torch.linear(torch.type_as(condition, x), weight))
