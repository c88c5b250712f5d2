"""The five normalisation forms of one architecture: bn, in, ibn-a, ibn-b, gn."""

from __future__ import annotations

import math

import torch
from torch import nn

FORMS = ("bn", "in", "ibn-a", "ibn-b", "gn")
EPSILON = 1e-5


class HalfInstanceNorm(nn.Module):
    """IBN-a: instance normalisation of the first half of the channels, batch normalisation of the rest."""

    def __init__(self, channels: int):
        super().__init__()
        self.half = channels // 2
        self.instance = nn.InstanceNorm2d(self.half, eps=EPSILON, affine=True)
        self.batch = nn.BatchNorm2d(channels - self.half, eps=EPSILON)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first, rest = torch.split(x, [self.half, x.shape[1] - self.half], 1)
        return torch.cat([self.instance(first), self.batch(rest)], 1)


def plain_norm(form: str, channels: int) -> nn.Module:
    """The norm of an ordinary site."""
    if form == "in":
        return nn.InstanceNorm2d(channels, eps=EPSILON, affine=True)
    if form == "gn":
        return nn.GroupNorm(math.gcd(32, channels), channels, eps=EPSILON)
    return nn.BatchNorm2d(channels, eps=EPSILON)


def first_norm(form: str, channels: int, shallow: bool) -> nn.Module:
    """The first norm of a block; `shallow` is true everywhere but in the last (stride 32) stage."""
    return HalfInstanceNorm(channels) if form == "ibn-a" and shallow else plain_norm(form, channels)


def stem_norm(form: str, channels: int) -> nn.Module:
    return plain_norm("in" if form == "ibn-b" else form, channels)


def after_addition(form: str, channels: int, ends_shallow_stage: bool) -> nn.Module:
    """IBN-b's extra instance norm behind the addition that ends each of the first two stages."""
    if form == "ibn-b" and ends_shallow_stage:
        return nn.InstanceNorm2d(channels, eps=EPSILON, affine=True)
    return nn.Identity()
