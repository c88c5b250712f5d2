"""The embedding teacher: pooled maps of every training picture, cached once; the target built from them.

Target: l2(mean map448) beside l2(mean map1792), PCA to 256 with eigenvalues to the power 0.25, l2.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from shards import Pictures

WIDTHS = (448, 1792)
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """An inference session that leaves the cores alone while it waits; the GPU's provider where there is one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = ("CUDAExecutionProvider", "CPUExecutionProvider")
    available = onnxruntime.get_available_providers()
    return onnxruntime.InferenceSession(str(path), options, [name for name in wanted if name in available])


def centre_square(pixels: np.ndarray, size: int) -> np.ndarray:
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    picture = Image.fromarray(pixels[top : top + side, left : left + side])
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))


def cache_pooled_maps(teacher: Path, pictures: Pictures, out: Path, size: int, threads: int, batch: int = 16) -> None:
    """Write [pictures, 448+1792] float16; `out` appears when complete, `.part` + `.done` make it resumable."""
    if out.exists():
        return
    part, done = out.with_suffix(".part"), out.with_suffix(".done")
    begin = int(done.read_text()) if done.exists() else 0
    mode = "r+" if begin else "w+"
    pooled = np.memmap(part, dtype=np.float16, mode=mode, shape=(len(pictures), sum(WIDTHS)))
    network = session(teacher, threads)
    for first in range(begin, len(pictures), batch):
        numbers = range(first, min(first + batch, len(pictures)))
        views = np.stack([centre_square(pictures[i], size) for i in numbers]).astype(np.float32) / 255
        maps = network.run(["map448", "map1792"], {"input": ((views - MEAN) / STD).transpose(0, 3, 1, 2)})
        pooled[numbers.start : numbers.stop] = np.concatenate([m.mean((2, 3)) for m in maps], 1)
        if (first // batch) % 32 == 31:
            pooled.flush()
            done.write_text(str(numbers.stop))
    pooled.flush()
    part.rename(out)


def l2(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def targets(pooled_file: Path, dimensions: int = 256, power: float = 0.25) -> np.ndarray:
    """Unit target vectors, one a picture."""
    pooled = np.fromfile(pooled_file, np.float16).reshape(-1, sum(WIDTHS)).astype(np.float32)
    rows = np.concatenate([l2(pooled[:, : WIDTHS[0]]), l2(pooled[:, WIDTHS[0] :])], 1)
    rows -= rows.mean(0)
    values, vectors = np.linalg.eigh(rows.T @ rows / len(rows))
    values, vectors = values[::-1][:dimensions], vectors[:, ::-1][:, :dimensions]
    return l2(rows @ vectors * values**-power)
