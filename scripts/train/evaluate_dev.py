"""Scores on the development sets: leave one out, finite-sum average precision; also across domains.

python evaluate_dev.py MODEL.onnx [--output map1280] [--size 224] [--projection projection.f32] [--gem 1]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

NORMALISATIONS = {
    "half": (np.float32([0.5] * 3), np.float32([0.5] * 3)),
    "imagenet": (np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])),
}


def load_set(folder: Path, size: int, classes: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """([n,size,size,3] uint8, labels): short side to `size`, bilinear, centre crop."""
    views, labels = [], []
    for label, group in enumerate(sorted(p for p in folder.iterdir() if p.is_dir())):
        for path in sorted(group.glob("*.jpg")):
            picture = Image.open(path).convert("RGB")
            width, height = picture.size
            scale = size / min(width, height)
            width, height = max(size, round(width * scale)), max(size, round(height * scale))
            picture = picture.resize((width, height), Image.Resampling.BILINEAR)
            left, top = (width - size) // 2, (height - size) // 2
            views.append(np.asarray(picture.crop((left, top, left + size, top + size))))
            labels.append(label)
    return np.stack(views), np.array(labels)


def mean_average_precision(queries, query_labels, gallery, gallery_labels, leave_one_out: bool) -> float:
    scores = queries @ gallery.T
    if leave_one_out:
        np.fill_diagonal(scores, -np.inf)
    found = []
    for row, label in zip(scores, query_labels):
        order = np.argsort(-row, kind="stable")
        relevant = (gallery_labels[order] == label)[: len(order) - leave_one_out]
        hits = np.cumsum(relevant)
        found.append(float((hits / np.arange(1, len(relevant) + 1))[relevant].mean()))
    return float(np.mean(found))


def l2(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def pool(maps: np.ndarray, p: float) -> np.ndarray:
    if p == 1:
        return maps.mean((2, 3))
    return (np.maximum(maps, 1e-6) ** p).mean((2, 3)) ** (1 / p)


def read_projection(path: Path, channels: int) -> tuple[np.ndarray, np.ndarray]:
    flat = np.fromfile(path, "<f4")
    dimensions = len(flat) // (channels + 1)
    return flat[: dimensions * channels].reshape(dimensions, channels), flat[dimensions * channels :]


def protocols(embed, data: Path, size: int) -> dict[str, float]:
    """The five figures, given embed([n,size,size,3] uint8) -> unit vectors."""
    sets = {
        name: load_set(data / name, size) for name in ("caltech101", "pacs/photo", "pacs/art_painting")
    }
    vectors = {name: embed(views) for name, (views, _) in sets.items()}
    result = {}
    for title, queries, gallery in (
        ("caltech", "caltech101", "caltech101"),
        ("photo", "pacs/photo", "pacs/photo"),
        ("art", "pacs/art_painting", "pacs/art_painting"),
        ("photo>art", "pacs/photo", "pacs/art_painting"),
        ("art>photo", "pacs/art_painting", "pacs/photo"),
    ):
        result[title] = mean_average_precision(
            vectors[queries], sets[queries][1], vectors[gallery], sets[gallery][1], queries == gallery
        )
    return result


def onnx_embedder(model: Path, outputs: list[str], normalisation: str, p: float, projection: Path | None, threads: int):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    network = onnxruntime.InferenceSession(str(model), options, ["CPUExecutionProvider"])
    mean, std = NORMALISATIONS[normalisation]

    def embed(views: np.ndarray) -> np.ndarray:
        rows = []
        for first in range(0, len(views), 16):
            x = ((views[first : first + 16].astype(np.float32) / 255 - mean) / std).transpose(0, 3, 1, 2)
            maps = network.run(outputs, {"input": np.ascontiguousarray(x)})
            pooled = [pool(m, p) for m in maps]
            rows.append(pooled[0] if len(pooled) == 1 else np.concatenate([l2(v) for v in pooled], 1))
        found = np.concatenate(rows)
        if projection:
            matrix, bias = read_projection(projection, found.shape[1])
            found = found @ matrix.T + bias
        return l2(found)

    return embed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"))
    parser.add_argument("--output", nargs="+", default=["features"])
    parser.add_argument("--normalisation", choices=NORMALISATIONS, default="half")
    parser.add_argument("--size", type=int, nargs="+", default=[224])
    parser.add_argument("--gem", type=float, default=1.0)
    parser.add_argument("--projection", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    for size in args.size:
        embed = onnx_embedder(args.model, args.output, args.normalisation, args.gem, args.projection, args.threads)
        scores = protocols(embed, args.data, size)
        print(size, " ".join(f"{name} {value:.3f}" for name, value in scores.items()), flush=True)


if __name__ == "__main__":
    main()
