"""Exact pooled batch-norm statistics, re-estimated over many pictures in one pass with the network as it is."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

from student import Student


@torch.no_grad()
def reestimate(student: Student, batches: Iterable[torch.Tensor], first: int = 0) -> None:
    """mu = sum n_i mu_i / sum n_i, var = sum n_i (var_i + mu_i^2) / sum n_i - mu^2, in float64.

    The layers normalise with each batch's own statistics meanwhile, so deep layers see normalised inputs. Parts
    before number `first` were trained with the statistics they hold and keep them.
    """
    parts = student.parts[first:]
    norms = [m for m in parts.modules() if isinstance(m, nn.BatchNorm2d)]
    totals = {norm: [0, 0.0, 0.0] for norm in norms}

    def collect(norm: nn.BatchNorm2d, inputs: tuple[torch.Tensor, ...]) -> None:
        x = inputs[0]
        n = x.numel() // x.shape[1]
        mean = x.mean((0, 2, 3)).double()
        variance = x.var((0, 2, 3), correction=0).double()
        total = totals[norm]
        total[0], total[1], total[2] = total[0] + n, total[1] + n * mean, total[2] + n * (variance + mean * mean)

    hooks = [norm.register_forward_pre_hook(collect) for norm in norms]
    was_training = student.training
    student.eval()
    parts.train()
    for batch in batches:
        student(batch)
    for hook in hooks:
        hook.remove()
    student.train(was_training)
    for norm, (n, mean, square) in totals.items():
        norm.running_mean.copy_(mean / n)
        norm.running_var.copy_((square / n - (mean / n) ** 2).clamp(min=1e-8))
