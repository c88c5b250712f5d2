"""Export of a trained student: model.onnx, projection.f32 and manifest.json.

python snapshot.py --form bn --work ../train-work exports the averaged weights of the last checkpoint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

import checkpoint
import embedding_teacher
import export_student
import model_manifest
import projection
import views
from batch_statistics import reestimate
from shards import Pictures
from student import Student

DIMENSIONS = 256
DESCRIPTION = "Small inverted residual network, trained by this project to imitate larger networks."


def natural_batches(pictures: Pictures, size: int, count: int | None = None, batch: int = 64):
    """Centre squares of the pictures in order (shards are shuffled), without augmentation."""
    total = min(count or len(pictures), len(pictures))
    for first in range(0, total, batch):
        numbers = range(first, min(first + batch, total))
        squares = np.stack([embedding_teacher.centre_square(pictures[i], size) for i in numbers])
        yield views.to_network(torch.from_numpy(squares.transpose(0, 3, 1, 2)).float().div_(255))


def learn_projection(student: Student, pictures: Pictures, size: int, p: float, whiten: float, count: int):
    rows = projection.pooled_maps(student, natural_batches(pictures, size, count), (p,))[p]
    return projection.partial_whitening(rows, DIMENSIONS, whiten)


def export(
    student: Student, pictures: Pictures, folder: Path, size: int = 160, p: float = 1.0, whiten: float = 0.25,
    count: int = 12_000, name: str = "", half: bool = True,
) -> None:
    student = student.cpu().eval()
    folder.mkdir(parents=True, exist_ok=True)
    projection.write(folder / "projection.f32", learn_projection(student, pictures, size, p, whiten, count))
    export_student.write(student, folder / "model.onnx", half)
    channels, _ = export_student.channels(student)["features"]
    model_manifest.write(
        folder, name=name or f"small-{student.form}", description=DESCRIPTION, licence="Apache-2.0", form=student.form,
        mean=[0.5] * 3, std=[0.5] * 3, channels=channels, p=p, dimensions=DIMENSIONS,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("../train-work"))
    parser.add_argument("--form", default="bn")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--statistics-size", type=int, default=128)
    parser.add_argument("--frozen-parts", type=int, default=7, help="parts that keep their statistics")
    parser.add_argument("--p", type=float, default=1.0)
    parser.add_argument("--whiten", type=float, default=0.25)
    parser.add_argument("--count", type=int, default=12_000)
    parser.add_argument("--name", default="", help="of the model; default small-FORM")
    parser.add_argument("--storage", choices=("float16", "float32"), default="float16", help="of weights and statistics")
    args = parser.parse_args()
    saved = checkpoint.load(args.work / "checkpoints" / args.form / "last.pt")
    student = Student(args.form).to(memory_format=torch.channels_last)
    student.load_state_dict(saved.get("averaged") or saved["student"])
    pictures = Pictures(args.work / "cache")
    loader = views.batches(pictures, args.statistics_size, 64, 0.6, 1001, 0)
    reestimate(student, (views.to_network(next(loader)[1]) for _ in range(20)), args.frozen_parts)
    export(student, pictures, args.out or args.work / "export" / args.form, p=args.p, whiten=args.whiten,
           count=args.count, name=args.name, half=args.storage == "float16")


if __name__ == "__main__":
    main()
