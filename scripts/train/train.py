"""Train one form of the backbone from one command: cache, block by block, end to end, export.

python train.py --form bn --work ../../../train-work
Run it again with the same arguments to go on from the last checkpoint.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import blockwise
import embedding_teacher
import shallow
import shards
import snapshot
import tune
from run_state import Run, Settings


def arguments() -> tuple[argparse.Namespace, Settings]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shards", type=Path, default=Path("../shared/data/train"))
    parser.add_argument("--models", type=Path, default=Path("../shared/models"))
    parser.add_argument("--work", type=Path, default=Path("../train-work"), help="caches, checkpoints, exports")
    parser.add_argument("--teacher-size", type=int, default=160)
    for field in dataclasses.fields(Settings):
        if field.name in ("work", "reference"):
            continue
        name = "--" + field.name.replace("_", "-")
        if isinstance(field.default, bool):
            parser.add_argument(name, action="store_true", default=field.default)
        else:
            parser.add_argument(name, type=type(field.default), default=field.default)
    args = parser.parse_args()
    names = {field.name for field in dataclasses.fields(Settings)} - {"work", "reference"}
    chosen = {name: getattr(args, name) for name in names}
    reference = args.models / "reference" / "mobilenet-v2-int8-dequantised.onnx"
    return args, Settings(work=args.work, reference=reference, **chosen)


def main() -> None:
    args, settings = arguments()
    cache = args.work / "cache"
    shards.build_cache(args.shards, cache)
    run = Run(settings)
    if not (settings.from_scratch or settings.start):
        blockwise.train(run)
        shallow.train(run)
    pooled = cache / f"teacher-{args.teacher_size}.f16"
    teacher = args.models / "teacher" / "efficientnet-b4-partial.onnx"
    embedding_teacher.cache_pooled_maps(teacher, run.pictures, pooled, args.teacher_size, settings.threads)
    student = tune.train(run, embedding_teacher.targets(pooled))
    snapshot.export(student, run.pictures, args.work / "export" / settings.run, name=settings.name)


if __name__ == "__main__":
    main()
