"""manifest.json beside an exported network, as the service reads it (engine/model/manifest.ts)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

NOTES = {
    "bn": "BatchNormalization behind every convolution",
    "in": "InstanceNormalization behind every convolution",
    "ibn-a": "instance and batch normalisation, half and half, behind the first convolution of the blocks of stages 1 to 3",
    "ibn-b": "batch normalisation; instance normalisation in the stem and at the end of stages 1 and 2",
    "gn": "group normalisation behind every convolution",
}


# Of the picture at inference, in pixels. The networks see pictures of 128 px in training, and crops of them: things look as large
# there as in somewhat larger whole pictures ("Fixing the train-test resolution discrepancy", 2019). The study's five forms were given 224.
SIZE = 208


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def pooling(p: float) -> dict:
    """The mean is gem with p = 1."""
    return {"stage": "spoc"} if p == 1 else {"stage": "gem", "p": p}


def write(
    folder: Path, *, name: str, description: str, licence: str, form: str, mean: list[float], std: list[float],
    channels: int, p: float, dimensions: int | None = None,
) -> None:
    """Describe model.onnx, and projection.f32 to so many dimensions if there is one, which lie in the folder."""
    chain = [pooling(p)]
    if dimensions is not None:
        chain.append({"stage": "projection", "file": "projection.f32", "sha256": sha256(folder / "projection.f32"),
                      "inputs": channels, "outputs": dimensions})
    manifest = {
        "format": 1,
        "name": name,
        "description": description,
        "licence": licence,
        "file": "model.onnx",
        "sha256": sha256(folder / "model.onnx"),
        "input": {"name": "input", "layout": "nchw", "channelOrder": "rgb", "scale": 1 / 255, "mean": mean, "std": std},
        "preprocess": {"policy": "center-crop", "size": SIZE, "kernel": "linear"},
        "output": {"name": "features", "channels": channels, "stride": 32},
        "normalization": {"kind": form, "notes": NOTES[form]},
        "chain": [*chain, {"stage": "l2"}],
        "dimension": dimensions or channels,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
