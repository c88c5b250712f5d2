"""Dead channels (an activation that is always 0 or always 6) get no gradient: draw them anew."""

from __future__ import annotations

import torch
from torch import nn

from student import Convolution, Student

STILL = 1e-4  # variance under which an activation counts as dead


@torch.no_grad()
def _redraw(convolution: Convolution, x: torch.Tensor, dead: torch.Tensor) -> None:
    conv, norm = convolution[0], convolution[1]
    fresh = torch.empty_like(conv.weight)
    nn.init.kaiming_normal_(fresh, mode="fan_in", nonlinearity="relu")
    conv.weight[dead] = fresh[dead]
    norm.weight[dead], norm.bias[dead] = 1.0, 1.0
    if isinstance(norm, nn.BatchNorm2d):
        active, convolution.active = convolution.active, False
        convolution[1] = nn.Identity()
        raw = convolution(x)
        convolution.active, convolution[1] = active, norm
        norm.running_mean[dead] = raw.mean((0, 2, 3))[dead]
        norm.running_var[dead] = raw.var((0, 2, 3))[dead]


@torch.no_grad()
def revive(student: Student, count: int, x: torch.Tensor, boundaries: list[torch.Tensor]) -> int:
    """Redraw the dead channels of the first `count` parts whose target moves; returns how many there were."""
    found = 0
    for part, source, target in zip(student.parts[:count], [x, *boundaries[:-1]], boundaries):
        if isinstance(part, Convolution):
            dead = (part(source).var((0, 2, 3)) < STILL) & (target.var((0, 2, 3)) > 10 * STILL)
            stages, consumer = [(part, dead)], None
        else:
            stages, consumer = [(c, None) for c in (part.expand, part.depthwise) if c is not None], part.project[0]
        for convolution, dead in stages:
            if dead is None:
                dead = convolution(source).var((0, 2, 3)) < STILL
            if dead.any():
                found += int(dead.sum())
                _redraw(convolution, source, dead)
                if consumer is not None:
                    consumer.weight[:, dead] = 0
            source = convolution(source)
    return found
