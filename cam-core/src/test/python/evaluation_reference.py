"""Computes localization measures independently of cam4j, with NumPy, SciPy and TensorFlow.

Writes the fixtures of org.cam4j.evaluation: maps.txt (synthetic maps and labelled boxes), measures.json (what they give) and
imputation.json (noisy linear imputation without noise, solved by scipy.sparse). With a folder of the demo it also computes the
measures of the twelve photos from demo/reference/cams_label.npy, and writes them to the last argument.

Needs numpy, scipy and TensorFlow 2. Run it in cam-core:

    python src/test/python/evaluation_reference.py src/test/resources/evaluation \
        ../cam-examples/demo ../cam-examples/src/test/resources/localization.json

Definitions: thresholds 0, 0.001, ..., 0.999 of the map stretched to [0, 1] over the photo's pixels, pixels strictly above; regions
8-connected; boxes half-open; "largest" by pixels. See the Javadoc of BoxAccuracy, PixelAveragePrecision and PointingGame.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy import ndimage, sparse
from scipy.sparse.linalg import spsolve

EIGHT = np.ones((3, 3), int)


def enlarged(raw, height, width):
    return tf.image.resize(raw[..., None].astype(np.float32), (height, width), "bilinear").numpy()[..., 0]


def regions(mask):
    """Half-open boxes, the largest region's first."""
    labels, count = ndimage.label(mask, structure=EIGHT)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    boxes = [(s[1].start, s[0].start, s[1].stop, s[0].stop) for s in ndimage.find_objects(labels)]
    return [boxes[i] for i in np.argsort(-areas, kind="stable")]


def iou(a, b):
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    common = max(across, 0) * max(down, 0)
    area = lambda c: (c[2] - c[0]) * (c[3] - c[1])
    return common / (area(a) + area(b) - common)


def best_iou(box, truth):
    return max(iou(box, t) for t in truth)


def max_box_acc(photos):
    largest = np.zeros(1000, int)
    any_region = {0.3: np.zeros(1000, int), 0.5: np.zeros(1000, int), 0.7: np.zeros(1000, int)}
    for fine, truth in photos:
        low, high = float(fine.min()), float(fine.max())
        for step in range(1000):
            boxes = regions(fine > low + step / 1000 * (high - low))
            overlaps = [best_iou(b, truth) for b in boxes]
            largest[step] += overlaps[0] >= 0.5
            for delta, counts in any_region.items():
                counts[step] += max(overlaps) >= delta
    n = len(photos)
    at = {str(d): c.max() / n for d, c in any_region.items()}
    return {
        "maxBoxAcc": largest.max() / n,
        "threshold": int(largest.argmax()) / 1000,
        "maxBoxAccV2": sum(at.values()) / 3,
        "atOverlap": at,
    }


def measures(photos):
    """photos: (map enlarged to the photo, labelled boxes)."""
    overlaps, hits, coverage = [], [], []
    for fine, truth in photos:
        mask = fine > max(0.2 * float(fine.max()), 0)
        labels, count = ndimage.label(mask, structure=EIGHT)
        areas = np.bincount(labels.ravel(), minlength=count + 2)[1:]
        overlaps.append(best_iou(regions(mask)[0], truth) if count else 0)
        y, x = np.unravel_index(fine.argmax(), fine.shape)
        hits.append(any(t[0] <= x < t[2] and t[1] <= y < t[3] for t in truth))
        drawn = np.zeros(fine.shape, bool)
        for t in truth:
            drawn[t[1]:t[3], t[0]:t[2]] = True
        coverage.append(((labels == areas.argmax() + 1) & drawn).sum() / drawn.sum())

    def baseline(box):
        own = [best_iou(box(f.shape[1], f.shape[0]), t) for f, t in photos]
        middle = [any(b[0] <= f.shape[1] // 2 < b[2] and b[1] <= f.shape[0] // 2 < b[3] for b in t) for f, t in photos]
        return {"gtKnown": np.mean([o >= 0.5 for o in own]), "meanOverlap": np.mean(own), "pointing": np.mean(middle)}

    def centre(width, height):
        w, h = round(width * 0.5**0.5), round(height * 0.5**0.5)
        x, y = (width - w) // 2, (height - h) // 2
        return x, y, x + w, y + h

    return {
        "gtKnown": np.mean([o >= 0.5 for o in overlaps]),
        "meanOverlap": np.mean(overlaps),
        "pointing": np.mean(hits),
        "coverage": np.mean(coverage),
        "centre": baseline(centre),
        "whole": baseline(lambda width, height: (0, 0, width, height)),
        "boxAccuracy": max_box_acc(photos),
    }


def pixel_average_precision(photos):
    """From histograms as wsolevaluation makes them: bins [0, .001), ..., [.999, 1), [1, ...)."""
    edges = np.append(np.arange(1000) / 1000, [1.0, 2.0])
    right, wrong = np.zeros(1001), np.zeros(1001)
    for fine, truth in photos:
        fine = fine.astype(np.float64)
        scores = (fine - fine.min()) / (fine.max() - fine.min())
        drawn = np.zeros(fine.shape, bool)
        for t in truth:
            drawn[t[1]:t[3], t[0]:t[2]] = True
        right += np.histogram(scores[drawn], edges)[0]
        wrong += np.histogram(scores[~drawn], edges)[0]
    tp, fp = right[::-1].cumsum(), wrong[::-1].cumsum()
    recall = np.concatenate([[0], tp / tp[-1]])
    precision = np.where(tp + fp > 0, tp / np.maximum(tp + fp, 1), 0)
    return (precision * np.diff(recall)).sum()


def imputation(random):
    """Each missing pixel is the weighted mean of its neighbours: 1/6 at a side, 1/12 at a corner."""
    height, width = 11, 14
    image = np.round(random.random((height, width)) * 255)
    missing = random.random((height, width)) < 0.7
    missing[0, 0] = True
    index = np.cumsum(missing.ravel()) - 1
    system = sparse.lil_matrix((missing.sum(), missing.sum()))
    known = np.zeros(missing.sum())
    for y, x in np.argwhere(missing):
        i = index[y * width + x]
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                ny, nx = y + dy, x + dx
                if (dy or dx) and 0 <= ny < height and 0 <= nx < width:
                    weight = 1 / 12 if dy and dx else 1 / 6
                    system[i, i] += weight
                    if missing[ny, nx]:
                        system[i, index[ny * width + nx]] -= weight
                    else:
                        known[i] += weight * image[ny, nx]
    filled = image.copy()
    filled[missing] = spsolve(system.tocsc(), known)
    return {
        "width": width,
        "missing": np.flatnonzero(missing).tolist(),
        "image": image.ravel().tolist(),
        "filled": filled.ravel().tolist(),
    }


def synthetic(random):
    sizes = ((90, 70, 7, 7), (60, 80, 5, 9), (120, 64, 14, 14), (50, 50, 7, 7), (77, 41, 4, 6), (64, 96, 7, 7), (100, 80, 3, 3), (81, 81, 9, 9))
    for width, height, h, w in sizes:
        raw = (ndimage.gaussian_filter(random.standard_normal((h, w)), 0.9) * 20 + 1).astype(np.float32)
        # Near to what a region is, as a person would draw it: some boxes agree well with the map, others do not.
        fine = enlarged(raw, height, width)
        x0, y0, x1, y1 = regions(fine > random.uniform(0.05, 0.6) * float(fine.max()))[0]
        shift = random.integers(-width // 12, width // 12, 4)
        truth = [(max(x0 + shift[0], 0), max(y0 + shift[1], 0), x1 + shift[2] + width // 10, y1 + shift[3] + height // 10)]
        if random.random() < 0.4:
            truth.append((3, 5, width // 3, height // 2))
        yield width, height, raw, truth


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, default=float) + "\n", encoding="utf-8")


def main(folder, demo=None, result=None):
    folder = Path(folder)
    random = np.random.default_rng(2020)
    lines = ["# photo width, height, map height, width, number of boxes; boxes x0 y0 x1 y1; then the map's values."]
    photos = []
    for width, height, raw, truth in synthetic(random):
        photos.append((enlarged(raw, height, width), truth))
        numbers = (width, height, *raw.shape, len(truth), *(v for t in truth for v in t))
        lines.append(" ".join([*map(str, numbers), *(f"{v:.9g}" for v in raw.ravel())]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "maps.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write(folder / "measures.json", measures(photos) | {"pxAp": pixel_average_precision(photos)})
    write(folder / "imputation.json", imputation(random))

    if demo:
        maps = np.load(Path(demo) / "reference" / "cams_label.npy")
        with open(Path(demo) / "photos" / "photos.csv", encoding="utf-8") as rows:
            table = list(csv.DictReader(rows))
        photos = []
        for raw, row in zip(maps, table):
            truth = [tuple(int(row[k]) for k in ("x0", "y0", "x1", "y1"))]
            photos.append((enlarged(raw.reshape(raw.shape[-2:]), int(row["height"]), int(row["width"])), truth))
        write(Path(result), measures(photos) | {"pxAp": pixel_average_precision(photos)})


if __name__ == "__main__":
    main(*sys.argv[1:])
