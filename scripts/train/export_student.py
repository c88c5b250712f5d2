"""The trained student as an ONNX graph.

Outputs: `features` (stride 32, after ReLU6) and `features_s16` (stride 16: the expansion inside the first
stride-32 block, after ReLU6), both non-negative. Input height, width and count are free.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from graph_writer import Graph
from student import LAST_STRIDE_16, Block, Convolution, Student


def _convolution(graph: Graph, x: str, name: str, part: Convolution, output: str | None = None) -> str:
    kernel, stride = part[0].kernel_size[0], part[0].stride[0]
    pads = [0, 0, kernel // 2, kernel // 2] if stride == 2 else None
    x = graph.norm(graph.conv(x, f"{name}.conv", part[0], pads), f"{name}.norm", part[1])
    return graph.node("Clip", [x, "zero", "six"], output or f"{name}.relu6") if part.active else x


def _block(graph: Graph, x: str, name: str, block: Block, expanded: str | None) -> str:
    y = _convolution(graph, x, f"{name}.expand", block.expand, expanded) if block.expand is not None else x
    y = _convolution(graph, y, f"{name}.depthwise", block.depthwise)
    y = _convolution(graph, y, f"{name}.project", block.project)
    y = graph.node("Add", [x, y], f"{name}.add") if block.adds else y
    return graph.norm(y, f"{name}.after", block.after)


def channels(student: Student) -> dict[str, tuple[int, int]]:
    """Output name -> (channels, stride)."""
    wide = student.parts[LAST_STRIDE_16 + 2].expand[0].out_channels
    return {"features": (student.parts[-1][0].out_channels, 32), "features_s16": (wide, 16)}


def to_onnx(student: Student, half: bool = True) -> onnx.ModelProto:
    graph = Graph(half)
    graph.constant("zero", np.float32(0))
    graph.constant("six", np.float32(6))
    x = _convolution(graph, "input", "stem", student.parts[0])
    for number, block in enumerate(student.parts[1:-1]):
        x = _block(graph, x, f"block{number}", block, "features_s16" if number == LAST_STRIDE_16 + 1 else None)
    _convolution(graph, x, "head", student.parts[-1], "features")
    return graph.model(f"likeness-{student.form}", channels(student))


def write(student: Student, path: Path, half: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(to_onnx(student.cpu().eval(), half), str(path))
