"""Augmented views: random crop and flip of each picture, appearance changes on the whole batch."""

from __future__ import annotations

import itertools
import math
import queue
import threading
from collections.abc import Iterable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from shards import Pictures

GREY = torch.tensor([0.299, 0.587, 0.114])


def random_crop(pixels: np.ndarray, size: int, smallest: float, rng: np.random.Generator) -> np.ndarray:
    """A crop of `smallest`..1 of the area, aspect 3/4..4/3, resized to size x size, flipped half of the time."""
    height, width = pixels.shape[:2]
    for _ in range(6):
        area = height * width * rng.uniform(smallest, 1.0)
        aspect = math.exp(rng.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if w <= width and h <= height:
            break
    else:
        w = h = min(height, width)
    left, top = int(rng.integers(width - w + 1)), int(rng.integers(height - h + 1))
    picture = Image.fromarray(pixels[top : top + h, left : left + w])
    view = np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))
    return view[:, ::-1] if rng.random() < 0.5 else view


def ahead(items: Iterable, depth: int = 3) -> Iterator:
    """The same items, made by a thread of their own while the caller works on earlier ones."""
    ready: queue.Queue = queue.Queue(maxsize=depth)

    def fill() -> None:
        try:
            for item in items:
                ready.put((item, None))
        except BaseException as error:
            ready.put((None, error))

    threading.Thread(target=fill, daemon=True).start()
    while True:
        item, error = ready.get()
        if error:
            raise error
        yield item


def batches(pictures: Pictures, size: int, batch: int, smallest: float, seed: int, start: int) -> Iterator:
    """Endless (numbers, [n,3,size,size] float 0..1): a new permutation each epoch, the same for the same seed.

    `start` is the number of the first batch, so that a resumed run goes on where it stopped.
    """
    per_epoch = len(pictures) // batch
    for step in itertools.count(start):
        epoch, place = divmod(step, per_epoch)
        order = np.random.default_rng([seed, epoch]).permutation(len(pictures))
        numbers = order[place * batch : (place + 1) * batch]
        rng = np.random.default_rng([seed, epoch, place])
        views = np.stack([random_crop(pictures[int(i)], size, smallest, rng) for i in numbers])
        yield numbers, torch.from_numpy(views.transpose(0, 3, 1, 2)).float().div_(255)


def _uniform(n: int, low: float, high: float) -> torch.Tensor:
    return torch.empty(n, 1, 1).uniform_(low, high)


def _colour_matrices(n: int, strength: float) -> torch.Tensor:
    """[n,3,3]: saturation (sometimes none), then channels mixed, then contrast."""
    saturation = _uniform(n, 1 - 0.7 * strength, 1 + 0.7 * strength)
    saturation[torch.rand(n) < 0.12 * strength] = 0
    grey = GREY.expand(3, 3)
    desaturate = grey + saturation * (torch.eye(3) - grey)
    mix = torch.eye(3) + torch.randn(n, 3, 3) * 0.12 * strength * (torch.rand(n, 1, 1) < 0.5)
    mix = mix / mix.sum(2, keepdim=True).clamp(min=0.5)
    return mix @ desaturate * _uniform(n, 1 - 0.4 * strength, 1 + 0.4 * strength)


def change_appearance(x: torch.Tensor, strength: float = 1.0) -> torch.Tensor:
    """Saturation, colour mixing, contrast, brightness, gamma, blur and noise, drawn for each picture of [n,3,h,w]."""
    n = x.shape[0]
    flat = x.flatten(2)
    matrices = _colour_matrices(n, strength)
    mean = flat.mean(2, keepdim=True)
    shift = mean.mean(1, keepdim=True) * _uniform(n, 1 - 0.35 * strength, 1 + 0.35 * strength)
    offset = shift - matrices @ mean.mean(1, keepdim=True).expand(n, 3, 1)
    x = torch.baddbmm(offset, matrices, flat).view_as(x).clamp_(1e-3, 1.0)
    bent = torch.rand(n) < 0.5
    x[bent] = x[bent] ** torch.exp(_uniform(int(bent.sum()), -0.4 * strength, 0.4 * strength))[..., None]
    blurred = torch.rand(n) < 0.15 * strength
    x[blurred] = F.avg_pool2d(F.pad(x[blurred], (1, 1, 1, 1), mode="replicate"), 3, 1)
    noisy = torch.rand(n) < 0.2 * strength
    some = x[noisy]
    x[noisy] = (some + torch.randn_like(some) * _uniform(len(some), 0, 0.05)[..., None]).clamp_(0, 1)
    return x


def to_network(x: torch.Tensor) -> torch.Tensor:
    """0..1 -> -1..1, the input range of the reference and of the student."""
    return x.mul(2).sub(1).contiguous(memory_format=torch.channels_last)
