# One Adam update (Kingma and Ba 2015) in place, in the order of torch.optim.Adam, after which the gradient is zero.
# hyper, float64 on the host: learning rate / (1 - beta1^t), sqrt(1 - beta2^t)
def update(self, x: Tensor, gradient: Tensor, first: Tensor, second: Tensor, hyper: Tensor) -> Tensor:
  torch.lerp_(first, gradient, 1. - @BETA1@)
  torch.addcmul_(torch.mul_(second, @BETA2@), gradient, gradient, value=1. - @BETA2@)
  spread = torch.add_(torch.div(torch.sqrt(second), float(hyper[1])), @EPSILON@)
  torch.addcdiv_(torch.detach(x), first, spread, value=-float(hyper[0]))
  torch.zero_(gradient)
  return hyper
