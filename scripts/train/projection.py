"""The projection that travels with a model: descriptor = l2(W gem(map) + b), learned on training pictures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from student import Student


@torch.no_grad()
def pooled_maps(
    student: Student, batches: Iterable[torch.Tensor], powers: tuple[float, ...]
) -> dict[float, np.ndarray]:
    """GeM-pooled maps of all pictures, for each power p."""
    found: dict[float, list[torch.Tensor]] = {p: [] for p in powers}
    for x in batches:
        maps = student(x)
        for p in powers:
            found[p].append(maps.clamp(min=1e-6).pow(p).mean((2, 3)).pow(1 / p))
    return {p: torch.cat(rows).cpu().numpy() for p, rows in found.items()}


def partial_whitening(rows: np.ndarray, dimensions: int, power: float) -> tuple[np.ndarray, np.ndarray]:
    """(W [D,C], b [D]) of PCA whitening with eigenvalues to the power -`power` (0.5 is full whitening)."""
    mean = rows.mean(0, dtype=np.float64)
    centred = rows - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(rows))
    values = np.maximum(values[::-1][:dimensions], values[-1] * 1e-8)
    matrix = (vectors[:, ::-1][:, :dimensions] * values**-power).T
    return matrix, -matrix @ mean


def write(path: Path, projection: tuple[np.ndarray, np.ndarray]) -> None:
    """Row-major [D,C], then D of bias, little-endian float32."""
    matrix, bias = projection
    path.write_bytes(matrix.astype("<f4").tobytes() + bias.astype("<f4").tobytes())
