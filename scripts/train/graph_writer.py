"""Writes modules as ONNX nodes: norms apart from the convolutions, weights stored as float16 behind Cast nodes."""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from norms import HalfInstanceNorm

OPSET = 17


class Graph:
    """Collects nodes and weights; every method returns the name of the value it makes."""

    def __init__(self, half: bool):
        self.half = half
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def weight(self, name: str, tensor: torch.Tensor) -> str:
        value = tensor.detach().cpu().numpy()
        if not self.half:
            return self.constant(name, value)
        stored = self.constant(f"{name}.f16", value.astype(np.float16))
        return self.node("Cast", [stored], name, to=TensorProto.FLOAT)

    def conv(self, x: str, name: str, conv: nn.Conv2d, pads: list[int] | None = None) -> str:
        inputs = [x, self.weight(f"{name}.weight", conv.weight)]
        if conv.bias is not None:
            inputs.append(self.constant(f"{name}.bias", conv.bias.detach().float().cpu().numpy()))
        return self.node(
            "Conv", inputs, name, kernel_shape=list(conv.kernel_size), strides=list(conv.stride),
            dilations=list(conv.dilation), pads=pads or [*conv.padding, *conv.padding], group=conv.groups,
        )

    def norm(self, x: str, name: str, norm: nn.Module) -> str:
        def vectors(*attributes: str) -> list[str]:
            return [
                self.constant(f"{name}.{a}", getattr(norm, a).detach().float().cpu().numpy()) for a in attributes
            ]

        if isinstance(norm, nn.BatchNorm2d):
            inputs = [x, *vectors("weight", "bias", "running_mean", "running_var")]
            return self.node("BatchNormalization", inputs, name, epsilon=norm.eps)
        if isinstance(norm, nn.InstanceNorm2d):
            return self.node("InstanceNormalization", [x, *vectors("weight", "bias")], name, epsilon=norm.eps)
        if isinstance(norm, HalfInstanceNorm):
            rest = norm.batch.num_features
            sizes = self.constant(f"{name}.sizes", np.array([norm.half, rest], np.int64))
            pieces = [f"{name}.first", f"{name}.rest"]
            self.nodes.append(helper.make_node("Split", [x, sizes], pieces, f"{name}.split", axis=1))
            done = [
                self.norm(pieces[0], f"{name}.instance", norm.instance),
                self.norm(pieces[1], f"{name}.batch", norm.batch),
            ]
            return self.node("Concat", done, name, axis=1)
        if isinstance(norm, nn.GroupNorm):
            return self.group_norm(x, name, norm)
        return x  # nn.Identity

    def group_norm(self, x: str, name: str, norm: nn.GroupNorm) -> str:
        groups, channels = norm.num_groups, norm.num_channels
        shape = self.constant(f"{name}.groups", np.array([0, groups, -1], np.int64))
        ones = self.constant(f"{name}.ones", np.ones(groups, np.float32))
        zeros = self.constant(f"{name}.zeros", np.zeros(groups, np.float32))
        grouped = self.node("Reshape", [x, shape], f"{name}.grouped")
        even = self.node("InstanceNormalization", [grouped, ones, zeros], f"{name}.even", epsilon=norm.eps)
        back = self.node("Reshape", [even, self.node("Shape", [x], f"{name}.shape")], f"{name}.back")
        flat = [v.detach().cpu().numpy().reshape(1, channels, 1, 1) for v in (norm.weight, norm.bias)]
        scaled = self.node("Mul", [back, self.constant(f"{name}.weight", flat[0])], f"{name}.scaled")
        return self.node("Add", [scaled, self.constant(f"{name}.bias", flat[1])], name)

    def model(self, name: str, outputs: dict[str, tuple[int, int]]) -> onnx.ModelProto:
        """The checked model from `input` [n,3,h,w] to `outputs`: name -> (channels, stride)."""
        inputs = [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, "h", "w"])]
        results = [
            helper.make_tensor_value_info(key, TensorProto.FLOAT, ["n", channels, f"h{stride}", f"w{stride}"])
            for key, (channels, stride) in outputs.items()
        ]
        model = helper.make_model(
            helper.make_graph(self.nodes, name, inputs, results, self.weights),
            opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="likeness scripts/train",
        )
        onnx.checker.check_model(model, full_check=True)
        return model
