# Between the float64 of states and the type and device of a network, in a way
# that gradients pass. The type changes where float64 exists: before an array
# leaves the states' device, and after it is back (type code 7 is float64).
def narrow(self, x: Tensor, example: Tensor) -> Tensor:
  return torch.to(torch.to(x, ops.prim.dtype(example)), ops.prim.device(example), ops.prim.dtype(example))
def widen(self, x: Tensor, state: Tensor) -> Tensor:
  return torch.to(torch.to(x, ops.prim.device(state), ops.prim.dtype(x)), 7)
