# Exact states: integers (type code 4) that increments are rounded to and added
# to. unit: the real number 1 stands for, one float64 value on the host.
# Returned with the sum: the largest magnitude of sum and increment, so that one
# number tells of overflow, and NaN of what is not finite.
def add(self, state: Tensor, increment: Tensor, unit: Tensor) -> Tuple[Tensor, Tensor]:
  rounded = torch.round_(torch.div(increment, float(unit[0])))
  next = torch.add(state, torch.to(rounded, 4))
  return (next, self.largest(next, rounded))
def subtract(self, state: Tensor, increment: Tensor, unit: Tensor) -> Tuple[Tensor, Tensor]:
  rounded = torch.round_(torch.div(increment, float(unit[0])))
  next = torch.sub(state, torch.to(rounded, 4))
  return (next, self.largest(next, rounded))
def largest(self, integers: Tensor, rounded: Tensor) -> Tensor:
  magnitude = torch.max(torch.abs_(torch.to(integers, 7)))
  return torch.maximum(magnitude, torch.max(torch.abs_(rounded)))
