"""The block teacher: the reference network with the output of every block exposed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch


def _block_outputs(graph: onnx.GraphProto) -> list[str]:
    """Names of the boundaries: stem, the end of every block (after its addition), head.

    A block ends with a convolution that no Clip follows; where an Add uses that output, the Add ends the block.
    """
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    first_clip = next(node.output[0] for node in graph.node if node.op_type == "Clip")
    ends = []
    for node in graph.node:
        if node.op_type == "Conv" and not any(user.op_type == "Clip" for user in users.get(node.output[0], [])):
            made = node.output[0]
            inner = [user for user in users[made] if user.op_type == "Add" and user.input[1] == made]
            ends.append(inner[0].output[0] if inner else made)
    return [first_clip, *ends, graph.output[0].name]


class Reference:
    """`boundaries(x)` gives what Student.boundaries(x) is to imitate."""

    def __init__(self, path: Path, threads: int, count: int | None = None):
        """`count`: keep the first `count` boundaries only, and no node behind them."""
        model = onnx.load(str(path))
        self.names = _block_outputs(model.graph)[:count]
        if count is not None:
            end = next(i for i, node in enumerate(model.graph.node) if self.names[-1] in node.output)
            del model.graph.node[end + 1 :], model.graph.output[:]
            self._declare(model.graph, self.names[-1:])
        self._declare(model.graph, self.names[:-1])
        self._session = self._open(model, threads)

    @staticmethod
    def _declare(graph: onnx.GraphProto, names: list[str]) -> None:
        for name in names:
            graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))

    @staticmethod
    def _open(model: onnx.ModelProto, threads: int) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        wanted = ("CUDAExecutionProvider", "CPUExecutionProvider")
        available = onnxruntime.get_available_providers()
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, [name for name in wanted if name in available]
        )

    def boundaries(self, x: torch.Tensor, only: list[int] | None = None) -> list[torch.Tensor]:
        """[n,3,h,w] in -1..1 -> the maps of all boundaries, or of those numbered in `only`."""
        names = self.names if only is None else [self.names[i] for i in only]
        maps = self._session.run(names, {"input": np.ascontiguousarray(x.cpu().numpy())})
        return [torch.from_numpy(m).to(x.device) for m in maps]
