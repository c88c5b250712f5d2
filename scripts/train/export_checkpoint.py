"""A ResNet checkpoint (torchvision, timm or IBN-Net keys; BN, IBN-a or IBN-b) as model.onnx and manifest.json.

python export_checkpoint.py CHECKPOINT.pth OUT_FOLDER [--name NAME] [--float32]

Norms stay apart from the convolutions. Outputs: `features` (stride 32) and `features_s16` (stride 16), after ReLU.
Checkpoints of the first IBN-Net release hold the batch half first; this reader takes the instance half first.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch
from torch import nn

import model_manifest
import resnet_forms
from graph_writer import Graph

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def _site(graph: Graph, x: str, name: str, conv: nn.Conv2d, norm: nn.Module) -> str:
    return graph.norm(graph.conv(x, f"{name}.conv", conv), f"{name}.norm", norm)


def _block(graph: Graph, x: str, name: str, block: nn.Module, output: str | None) -> str:
    """BasicBlock (two convolutions) or Bottleneck (three); the ReLU follows every one but the last."""
    y, count = x, 3 if hasattr(block, "conv3") else 2
    for number in range(1, count + 1):
        y = _site(graph, y, f"{name}.{number}", getattr(block, f"conv{number}"), getattr(block, f"bn{number}"))
        y = graph.node("Relu", [y], f"{name}.{number}.relu") if number < count else y
    if block.downsample is not None:
        x = _site(graph, x, f"{name}.shortcut", block.downsample[0], block.downsample[1])
    y = graph.node("Add", [y, x], f"{name}.add")
    if hasattr(block, "IN"):
        y = graph.norm(y, f"{name}.after", block.IN)
    return graph.node("Relu", [y], output or f"{name}.relu")


def to_onnx(network: nn.Module, name: str, half: bool = True) -> onnx.ModelProto:
    graph = Graph(half)
    x = graph.node("Relu", [_site(graph, "input", "stem", network.conv1, network.bn1)], "stem.relu")
    x = graph.node("MaxPool", [x], "stem.pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for stage in (1, 2, 3, 4):
        layer = getattr(network, f"layer{stage}")
        for number, block in enumerate(layer):
            output = {3: "features_s16", 4: "features"}.get(stage) if number == len(layer) - 1 else None
            x = _block(graph, x, f"layer{stage}.{number}", block, output)
    return graph.model(name, outputs(network))


def outputs(network: nn.Module) -> dict[str, tuple[int, int]]:
    """Output name -> (channels, stride)."""

    def width(layer: nn.Sequential) -> int:
        return getattr(layer[-1], "bn3", layer[-1].bn2).num_features

    return {"features": (width(network.layer4), 32), "features_s16": (width(network.layer3), 16)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--licence", required=True, help="of the weights, for the manifest")
    parser.add_argument("--float32", action="store_true", help="store weights as float32")
    args = parser.parse_args()
    saved = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    network, depth, form = resnet_forms.load(saved)
    name = args.name or f"{depth}-{form}"
    args.out.mkdir(parents=True, exist_ok=True)
    onnx.save(to_onnx(network, name, not args.float32), str(args.out / "model.onnx"))
    model_manifest.write(
        args.out, name=name, description=f"{depth}, form {form}", licence=args.licence, form=form, mean=MEAN, std=STD,
        channels=outputs(network)["features"][0], p=3.0,
    )
    print(f"{name}: {args.out / 'model.onnx'}")


if __name__ == "__main__":
    main()
