# One AdamW update (Loshchilov and Hutter 2019), in place, and the moving average of the weights that is shipped.
# hyper, float64 on the host: learning rate, beta1, beta2, epsilon, weight decay,
# 1 - beta1^t, 1 - beta2^t, decay of the moving average, scale of the gradient (clipping)
def update(self, weight: Tensor, gradient: Tensor, first: Tensor, second: Tensor, average: Tensor, hyper: Tensor) -> Tensor:
  w = torch.detach(weight)
  rate = float(hyper[0])
  torch.mul_(gradient, float(hyper[8]))
  torch.add_(torch.mul_(first, float(hyper[1])), gradient, alpha=1. - float(hyper[1]))
  torch.addcmul_(torch.mul_(second, float(hyper[2])), gradient, gradient, value=1. - float(hyper[2]))
  torch.mul_(w, 1. - rate * float(hyper[4]))
  spread = torch.add_(torch.sqrt(torch.div(second, float(hyper[6]))), float(hyper[3]))
  torch.addcdiv_(w, first, spread, value=-rate / float(hyper[5]))
  torch.lerp_(average, w, 1. - float(hyper[7]))
  torch.zero_(gradient)
  return hyper

def squared_norm(self, gradient: Tensor) -> Tensor:
  return torch.sum(torch.mul(gradient, gradient))
