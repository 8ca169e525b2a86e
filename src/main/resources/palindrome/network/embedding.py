# Lookups and sums of vectors that blocks hear besides their input.
def lookup(self, indices: Tensor, table: Tensor) -> Tensor:
  return torch.embedding(table, torch.to(indices, 4))
def project(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return self.linear(torch.type_as(x, weight), weight, bias)
def add(self, temb: Tensor, vector: Tensor) -> Tensor:
  return torch.add(temb, torch.type_as(vector, temb))
# text: [B, D]; ids: [B * n, C], the embedded numbers of each image in a row
def text_time(self, text: Tensor, ids: Tensor) -> Tensor:
  return torch.cat([text, torch.type_as(torch.reshape(ids, [torch.size(text, 0), -1]), text)], 1)
