"""Weights of an exported model.onnx back in a student, so that training goes on from a model that ships.

What was stored as float16 comes back rounded; a checkpoint also holds the optimiser's state and is better where there is one.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from student import Student


def load(student: Student, model: Path) -> None:
    """Fill the student from `model`, an export of the same form. Raises KeyError with the name that it lacks."""
    stored = {w.name: numpy_helper.to_array(w) for w in onnx.load(str(model)).graph.initializer}
    student.load_state_dict({key: _value(stored, key, mine, student) for key, mine in student.state_dict().items()})


def _value(stored: dict[str, np.ndarray], key: str, mine: torch.Tensor, student: Student) -> torch.Tensor:
    if key.endswith("num_batches_tracked"):
        return mine
    name = _exported_name(key, len(student.parts))
    value = stored[name] if name in stored else stored[f"{name}.f16"]
    return torch.from_numpy(value.astype(np.float32)).reshape(mine.shape)


def _exported_name(key: str, parts: int) -> str:
    """parts.3.expand.0.weight -> block2.expand.conv.weight, as export_student.py names them."""
    number, rest = re.fullmatch(r"parts\.(\d+)\.(.+)", key).groups()
    part = {0: "stem", parts - 1: "head"}.get(int(number), f"block{int(number) - 1}")
    layers = {"0": "conv", "1": "norm"}
    return ".".join([part, *(layers.get(word, word) for word in rest.split("."))])
