"""torchvision's ResNets in the forms bn, ibn-a and ibn-b, with checkpoints of torchvision, timm and IBN-Net keys."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping

import torch
import torchvision
from torch import nn

from norms import HalfInstanceNorm

FORMS = ("bn", "ibn-a", "ibn-b")
DEPTHS = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")


def _forward_with_norm(block: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """A block's forward pass with `IN` between the addition and the last ReLU."""
    y, count = x, 3 if hasattr(block, "conv3") else 2
    for number in range(1, count + 1):
        y = getattr(block, f"bn{number}")(getattr(block, f"conv{number}")(y))
        y = block.relu(y) if number < count else y
    return block.relu(block.IN(y + (x if block.downsample is None else block.downsample(x))))


def build(depth: str, form: str) -> nn.Module:
    """A randomly initialised network without classifier.

    ibn-a: the first norm of every block of layers 1-3, instance half first. ibn-b: the stem's norm, and `IN` behind
    the addition, before the ReLU, of the last block of layers 1 and 2.
    """
    network = getattr(torchvision.models, depth)(weights=None)
    network.fc = nn.Identity()
    if form == "ibn-a":
        for layer in (network.layer1, network.layer2, network.layer3):
            for block in layer:
                block.bn1 = HalfInstanceNorm(block.bn1.num_features)
    if form == "ibn-b":
        network.bn1 = nn.InstanceNorm2d(network.bn1.num_features, affine=True)
        for layer in (network.layer1, network.layer2):
            last = layer[-1]
            width = getattr(last, "bn3", last.bn2).num_features
            last.IN = nn.InstanceNorm2d(width, affine=True)
            last.forward = types.MethodType(_forward_with_norm, last)
    return network


def form_of(keys: Mapping[str, torch.Tensor]) -> str:
    """The form that a cleaned state dict was trained in."""
    if "layer1.0.bn1.instance.weight" in keys:
        return "ibn-a"
    return "ibn-b" if any(re.fullmatch(r"layer1\.\d+\.IN\.weight", key) for key in keys) else "bn"


def depth_of(keys: Mapping[str, torch.Tensor]) -> str:
    blocks = tuple(len({key.split(".")[1] for key in keys if key.startswith(f"layer{i}.")}) for i in (1, 2, 3, 4))
    bottleneck = "layer1.0.conv3.weight" in keys
    known = {(2, 2, 2, 2): "resnet18", (3, 4, 6, 3): "resnet50" if bottleneck else "resnet34",
             (3, 4, 23, 3): "resnet101", (3, 8, 36, 3): "resnet152"}
    if blocks not in known:
        raise ValueError(f"Expected the blocks of one of {', '.join(DEPTHS)} but received {blocks}")
    return known[blocks]


def clean(saved: Mapping) -> dict[str, torch.Tensor]:
    """The bare state dict: wrappers, prefixes and classifier removed, IBN-a halves named as here."""
    for wrapper in ("state_dict", "model", "network"):
        saved = saved[wrapper] if isinstance(saved.get(wrapper), Mapping) else saved
    cleaned = {}
    for key, value in saved.items():
        key = re.sub(r"^(module\.|model\.|backbone\.|base\.)+", "", key)
        key = key.replace(".bn1.IN.", ".bn1.instance.").replace(".bn1.BN.", ".bn1.batch.")
        if not key.startswith(("fc.", "classifier.")):
            cleaned[key] = value
    return cleaned


def load(saved: Mapping) -> tuple[nn.Module, str, str]:
    """(network in eval mode, depth, form); refuses a checkpoint with missing or surplus keys."""
    state = clean(saved)
    depth, form = depth_of(state), form_of(state)
    network = build(depth, form)
    own = network.state_dict()
    counters = {key for key in own if key.endswith("num_batches_tracked")}
    missing = sorted(set(own) - set(state) - counters)
    surplus = sorted(set(state) - set(own))
    if missing or surplus:
        raise ValueError(f"Expected the keys of {depth} {form}; missing {missing[:5]}, surplus {surplus[:5]}")
    network.load_state_dict(state, strict=False)
    return network.eval(), depth, form
