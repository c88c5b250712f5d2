"""Training pictures: JPEG shards in tar files, decoded once into one flat uint8 memmap."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

LARGEST_LONG_SIDE = 2.0  # a panorama is cut to its middle: crops never need more


def _decode(data: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = picture.size
    longest = int(LARGEST_LONG_SIDE * min(width, height))
    left, top = max(0, width - longest) // 2, max(0, height - longest) // 2
    return np.asarray(picture.crop((left, top, width - left, height - top)))


def build_cache(shard_folder: Path, cache_folder: Path) -> None:
    """Decode every shard; `pictures.json` is written last and marks a complete cache."""
    cache_folder.mkdir(parents=True, exist_ok=True)
    if (cache_folder / "pictures.json").exists():
        return
    names, shapes, offset = [], [], 0
    with open(cache_folder / "pictures.u8", "wb") as flat:
        for shard in sorted(shard_folder.glob("*.tar")):
            with tarfile.open(shard) as archive:
                for member in archive:
                    if not member.name.lower().endswith((".jpg", ".jpeg")):
                        continue
                    pixels = _decode(archive.extractfile(member).read())
                    flat.write(pixels.tobytes())
                    names.append(member.name)
                    shapes.append([offset, *pixels.shape[:2]])
                    offset += pixels.size
    index = cache_folder / "pictures.json.part"
    index.write_text(json.dumps({"names": names, "shapes": shapes}))
    index.rename(cache_folder / "pictures.json")


class Pictures:
    """Random access to the decoded pictures as [h,w,3] uint8 views into the memmap."""

    def __init__(self, cache_folder: Path):
        index = json.loads((cache_folder / "pictures.json").read_text())
        self.names: list[str] = index["names"]
        self._shapes = index["shapes"]
        self._flat = np.memmap(cache_folder / "pictures.u8", dtype=np.uint8, mode="r")

    def __len__(self) -> int:
        return len(self._shapes)

    def __getitem__(self, number: int) -> np.ndarray:
        offset, height, width = self._shapes[number]
        return self._flat[offset : offset + height * width * 3].reshape(height, width, 3)
