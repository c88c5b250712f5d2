"""python -m unittest test_export: the written graphs against PyTorch, on randomly initialised networks."""

from __future__ import annotations

import collections
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

import export_checkpoint
import export_student
import exported_weights
import norms
import resnet_forms
from student import Student


def wake(network: nn.Module) -> nn.Module:
    """Statistics and affine parts away from their initial 0 and 1."""
    generator = torch.Generator().manual_seed(1)
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.InstanceNorm2d, nn.GroupNorm)):
            module.weight.data.uniform_(0.5, 1.0, generator=generator)
            module.bias.data.uniform_(-0.2, 0.4, generator=generator)
    network.train()
    with torch.no_grad():
        for _ in range(12):
            network(torch.randn(4, 3, 96, 96, generator=generator))
    return network.eval()


def run(model, x: torch.Tensor) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["features", "features_s16"], {"input": x.numpy()})


def kinds(model) -> collections.Counter:
    return collections.Counter(node.op_type for node in model.graph.node)


def ibn_net_keys(state: dict) -> dict:
    """As IBN-Net saves them, from a DataParallel run."""
    renamed = {k.replace(".instance.", ".IN.").replace(".batch.", ".BN."): v for k, v in state.items()}
    return {"state_dict": {f"module.{k}": v for k, v in renamed.items()} | {"module.fc.weight": torch.zeros(1)}}


class StudentExport(unittest.TestCase):
    def test_exported_weights_come_back(self):
        for form in norms.FORMS:
            with self.subTest(form), tempfile.TemporaryDirectory() as folder:
                network, other = wake(Student(form)), Student(form)
                for half in (False, True):
                    export_student.write(network, Path(folder) / "model.onnx", half)
                    exported_weights.load(other, Path(folder) / "model.onnx")
                    for key, value in network.state_dict().items():
                        if not key.endswith("num_batches_tracked"):
                            torch.testing.assert_close(other.state_dict()[key], value, rtol=1e-3 * half, atol=1e-6 * half)

    def test_every_form_agrees_with_pytorch(self) -> None:
        for form in norms.FORMS:
            with self.subTest(form):
                network = wake(Student(form))
                x = torch.randn(2, 3, 130, 97)
                features, s16 = run(export_student.to_onnx(network, half=False), x)
                with torch.no_grad():
                    np.testing.assert_allclose(features, network(x).numpy(), atol=2e-3)
                self.assertGreaterEqual(min(features.min(), s16.min()), 0)
                self.assertEqual(s16.shape[1:], (768, 8, 6))


class CheckpointExport(unittest.TestCase):
    instance_norms = {("resnet18", "ibn-a"): 6, ("resnet50", "ibn-a"): 13, ("resnet18", "ibn-b"): 3,
                      ("resnet50", "ibn-b"): 3, ("resnet18", "bn"): 0, ("resnet50", "bn"): 0}

    def test_forms_and_depths(self) -> None:
        for (depth, form), count in self.instance_norms.items():
            with self.subTest(f"{depth} {form}"):
                original = wake(resnet_forms.build(depth, form))
                network, found_depth, found_form = resnet_forms.load(ibn_net_keys(original.state_dict()))
                self.assertEqual((found_depth, found_form), (depth, form))
                model = export_checkpoint.to_onnx(network, "test", half=False)
                self.assertEqual(kinds(model)["InstanceNormalization"], count)
                x = torch.randn(2, 3, 160, 128)
                caught: dict[str, torch.Tensor] = {}
                for name in ("layer3", "layer4"):
                    hook = lambda _m, _i, output, name=name: caught.__setitem__(name, output)  # noqa: E731
                    getattr(original, name).register_forward_hook(hook)
                with torch.no_grad():
                    original(x)
                features, s16 = run(model, x)
                np.testing.assert_allclose(features, caught["layer4"].numpy(), atol=2e-3, rtol=1e-3)
                np.testing.assert_allclose(s16, caught["layer3"].numpy(), atol=2e-3, rtol=1e-3)

    def test_foreign_keys_are_refused(self) -> None:
        state = resnet_forms.build("resnet18", "bn").state_dict()
        state["layer1.0.se.weight"] = torch.zeros(1)
        with self.assertRaises(ValueError):
            resnet_forms.load(state)


if __name__ == "__main__":
    unittest.main()
