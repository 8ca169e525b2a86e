# Windows of an array: cut out, and added with weights for each row and column.
# place: first row, end of rows, first column, end of columns, on the host
def crop(self, x: Tensor, place: Tensor) -> Tensor:
  return torch.contiguous(torch.slice(torch.slice(x, 2, int(place[0]), int(place[1])), 3, int(place[2]), int(place[3])))
def add(self, sum: Tensor, part: Tensor, rows: Tensor, columns: Tensor, place: Tensor) -> Tensor:
  weights = torch.type_as(torch.mul(torch.unsqueeze(rows, 1), columns), part)
  into = torch.slice(torch.slice(sum, 2, int(place[0]), int(place[1])), 3, int(place[2]), int(place[3]))
  added = torch.add_(into, torch.mul(part, weights))
  return sum
