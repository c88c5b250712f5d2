"""Compares the project's SIFT with OpenCV's on photographs.

    python3 -m venv .venv && .venv/bin/pip install opencv-python-headless
    .venv/bin/python scripts/classical/check-sift.py PICTURE.jpg ...      (after npm run build)

Prints two shares and ends with 1 if one of them is below 0.9:
  key points: of OpenCV's, those of which ours has one within 1 px whose scale differs by less than 10 %;
  matches: each picture is matched with a turned and shrunk copy of itself, by both; of the nearest neighbours that
  OpenCV finds (ratio test 0.8, so that they mean something), those that ours finds between the same places.
"""
import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DUMP = ROOT / "dist/scripts/classical/dump-sift.js"
MAX_DISTANCE_PX, MAX_SCALE_CHANGE, RATIO, REACH = 1.0, 0.1, 0.8, 0.9


def warped(image):
    """Turned by 20 degrees and shrunk to 0.8."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 20, 0.8)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)


def by_opencv(image):
    points, descriptors = cv2.SIFT_create().detectAndCompute(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None)
    # its diameter is of the doubled picture's scale; both are 2 sigma
    return np.array([[p.pt[0], p.pt[1], p.size, p.angle] for p in points]), descriptors


def by_us(paths):
    lines = subprocess.run(["node", DUMP, *paths], check=True, capture_output=True, text=True).stdout.splitlines()
    for line in map(json.loads, lines):
        descriptors = np.frombuffer(base64.b64decode(line["descriptors"]), np.float32).reshape(-1, 128)
        yield np.array(line["points"]), descriptors, line["ms"]


def found_share(theirs, ours):
    """For each of their key points, whether ours has one at the same place and scale."""
    distance = np.hypot(theirs[:, None, 0] - ours[None, :, 0], theirs[:, None, 1] - ours[None, :, 1])
    scale = np.abs(np.log(theirs[:, None, 2] / ours[None, :, 2]))
    near = (distance <= MAX_DISTANCE_PX) & (scale <= np.log(1 + MAX_SCALE_CHANGE))
    return near.any(1)


def matches(a, b):
    """Places (in a, in b) of the nearest neighbours that pass the ratio test."""
    (points_a, rows_a), (points_b, rows_b) = a, b
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(rows_a, rows_b, k=2)
    kept = [best for best, second in pairs if best.distance < RATIO * second.distance]
    return np.array([[*points_a[m.queryIdx][:2], *points_b[m.trainIdx][:2]] for m in kept]).reshape(-1, 4)


def same_match_share(theirs, ours_a, ours_b):
    """For each of their matches, whether our point nearest to its first end has its nearest neighbour at the second end."""
    (points_a, rows_a), (points_b, rows_b) = ours_a, ours_b
    nearest = np.array([m[0].trainIdx for m in cv2.BFMatcher(cv2.NORM_L2).knnMatch(rows_a, rows_b, k=1)])
    ends = points_b[nearest][:, :2]
    at_first = np.hypot(theirs[:, None, 0] - points_a[None, :, 0], theirs[:, None, 1] - points_a[None, :, 1]) <= 1.5
    at_second = np.hypot(theirs[:, None, 2] - ends[None, :, 0], theirs[:, None, 3] - ends[None, :, 1]) <= 1.5
    return (at_first & at_second).any(1)


def main():
    found, same, times, counts = [], [], [], [0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for path in sys.argv[1:]:
            image = cv2.imread(path)
            files = [str(Path(folder) / name) for name in ("a.ppm", "b.ppm")]
            for file, picture in zip(files, (image, warped(image))):
                cv2.imwrite(file, picture)
            (points, rows, ms), (points_b, rows_b, ms_b) = by_us(files)
            theirs, theirs_b = by_opencv(image), by_opencv(warped(image))
            found.append(found_share(theirs[0], points))
            expected = matches(theirs, theirs_b)
            same.append(same_match_share(expected, (points, rows), (points_b, rows_b)))
            times += [ms, ms_b]
            counts[0] += len(theirs[0])
            counts[1] += len(points)
    found, same = np.concatenate(found), np.concatenate(same)
    print(f"{len(sys.argv) - 1} pictures; key points: OpenCV {counts[0]}, ours {counts[1]}")
    print(f"key points found within {MAX_DISTANCE_PX:g} px and {MAX_SCALE_CHANGE:.0%} scale: {found.mean():.3f} of {len(found)}")
    print(f"same nearest matches: {same.mean():.3f} of {len(same)}")
    print(f"ours: median {np.median(times):.0f} ms a picture")
    sys.exit(0 if min(found.mean(), same.mean()) >= REACH else 1)


if __name__ == "__main__":
    main()
