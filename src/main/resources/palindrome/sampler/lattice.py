# Exact states: integers (type code 4) that increments are rounded to and added
# to. unit: the real number 1 stands for, one float64 value on the host.
# Returned with the sum: the largest magnitude of sum and increment in float64
# (type code 7), so that one number tells of overflow, and NaN of what is not
# finite. The increment counts too, since a cast of what does not fit has no
# defined result.
def add(self, state: Tensor, increment: Tensor, unit: Tensor) -> Tuple[Tensor, Tensor]:
  rounded = torch.round_(torch.div(increment, float(unit[0])))
  next = torch.add(state, torch.to(rounded, 4))
  return (next, torch.maximum(self.largest(next), self.largest(rounded)))
def subtract(self, state: Tensor, increment: Tensor, unit: Tensor) -> Tuple[Tensor, Tensor]:
  rounded = torch.round_(torch.div(increment, float(unit[0])))
  next = torch.sub(state, torch.to(rounded, 4))
  return (next, torch.maximum(self.largest(next), self.largest(rounded)))
def largest(self, x: Tensor) -> Tensor:
  low, high = torch.aminmax(x)
  return torch.maximum(torch.neg(torch.to(low, 7)), torch.to(high, 7))
