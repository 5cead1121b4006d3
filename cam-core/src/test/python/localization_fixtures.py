"""Writes the fixtures of org.cam4j.localization: components.txt and boxes.txt.

components.txt: binary masks with their largest 8-connected component as scipy.ndimage.label finds it (ties: the first in
reading order). boxes.txt: raw maps with the box that the paper's rule gives on them, upsampled by tf.image.resize.

Needs numpy, scipy and TensorFlow 2. Run it in cam-core:

    python src/test/python/localization_fixtures.py src/test/resources/localization
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy import ndimage

EIGHT = np.ones((3, 3), int)


def largest(mask):
    """Box (half-open) and area of the largest component; argmax takes the first of equals, labels count in reading order."""
    labels, count = ndimage.label(mask, structure=EIGHT)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    label = int(np.argmax(areas)) + 1
    rows, columns = ndimage.find_objects(labels)[label - 1]
    return columns.start, rows.start, columns.stop, rows.stop, int(areas[label - 1])


def spiral(size):
    """One long arm that only a full merge recognises as one component."""
    mask = np.zeros((size, size), bool)
    y = x = 0
    dy, dx = 0, 1
    for length in [size - 1, *[n for n in range(size - 1, 1, -2) for _ in (0, 1)]]:
        for _ in range(length):
            mask[y, x] = True
            y, x = y + dy, x + dx
        dy, dx = dx, -dy
    mask[y, x] = True
    return mask


def masks(random):
    for height, width, density in ((9, 31, 0.25), (24, 17, 0.35), (31, 40, 0.4), (20, 50, 0.45), (40, 40, 0.5), (12, 60, 0.7)):
        yield random.random((height, width)) < density
    for height, width in ((33, 21), (20, 45)):
        yield ndimage.gaussian_filter(random.standard_normal((height, width)), 1.5) > 0.02
    yield spiral(25)
    yield spiral(25)[::-1, ::-1]
    yield np.indices((12, 15)).sum(0) % 2 == 0
    yield np.indices((13, 14)).max(0) % 2 == 0
    yield np.pad(np.ones((3, 4), bool), ((2, 5), (1, 0)))
    yield np.tile(np.pad(np.ones((2, 3), bool), 1), (3, 4))


def main(folder):
    random = np.random.default_rng(2016)
    lines = ["# height, width, box x0 y0 x1 y1 and area of the largest component; then the mask."]
    for mask in masks(random):
        lines.append(" ".join(map(str, (*mask.shape, *largest(mask)))))
        lines += ["".join(".#"[int(v)] for v in row) for row in mask]
    (folder / "components.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    lines = ["# photo width, photo height, map height, map width, box x0 y0 x1 y1, then the map's values."]
    for width, height, h, w in ((64, 48, 7, 7), (48, 64, 7, 7), (320, 213, 7, 7), (100, 75, 14, 14), (90, 31, 5, 9), (31, 90, 9, 5)):
        raw = ndimage.gaussian_filter(random.standard_normal((h, w)), 0.8).astype(np.float32) * 20
        fine = tf.image.resize(raw[..., None], (height, width), "bilinear").numpy()[..., 0]
        threshold = 0.2 * float(fine.max())
        assert np.abs(fine - threshold).min() > 1e-5, "a pixel too near to the threshold to be a fair test"
        box = largest(fine > threshold)[:4]
        lines.append(" ".join([*map(str, (width, height, h, w, *box)), *(f"{v:.9g}" for v in raw.ravel())]))
    (folder / "boxes.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
