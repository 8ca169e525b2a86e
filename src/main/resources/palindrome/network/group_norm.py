# Group norm of large activations. NB: with channels last, torch.group_norm of libtorch 2.7.1 loses precision on a CPU as
# the image grows, as sums in float32 do that take one place after the other: where an image of 512 x 512 is uniform, 1e-3
# of the largest value. torch.mean adds up in a better order.
def group_norm(self, x: Tensor, groups: int, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
  if ops.prim.is_cpu(x):
    y = self.group_norm_by_means(x, groups, weight, bias, eps)
  else:
    y = torch.group_norm(x, groups, weight, bias, eps)
  return y
def group_norm_by_means(self, x: Tensor, groups: int, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
  means = torch.mean(x, [2, 3], True)
  distances = torch.sub(x, means)
  variances = torch.mean(torch.mul_(distances, distances), [2, 3])
  # One value a group, of all its channels: [B, groups, 1], then as many as channels.
  means = torch.reshape(means, [torch.size(x, 0), groups, -1])
  mean = torch.mean(means, [2], True)
  between = torch.sub(means, mean)
  within = torch.reshape(variances, torch.size(means))
  variance = torch.mean(torch.add(within, torch.mul(between, between)), [2], True)
  scale = torch.mul(torch.flatten(torch.expand_as(torch.rsqrt(torch.add(variance, eps)), means), 1), weight)
  shift = torch.sub(bias, torch.mul(torch.flatten(torch.expand_as(mean, means), 1), scale))
  return torch.addcmul(torch.unsqueeze(torch.unsqueeze(shift, 2), 3), x, torch.unsqueeze(torch.unsqueeze(scale, 2), 3))
