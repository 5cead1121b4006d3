"""Writes what TensorFlow, tf_keras and Pillow make of a photo on its way into a network, for the tests of org.cam4j.image.

Needs TensorFlow 2.17, tf_keras 2.17 and Pillow 13. Run without arguments; writes resize.bin, lanczos.bin and preprocess.bin to
../resources/preparation beside this file; with the argument lanczos, lanczos.bin alone. Photos are not stored: they are the closed form of photo() below, which the Java test
repeats.

resize.bin and lanczos.bin are a sequence of cases, all numbers big-endian: interpolation (0 nearest, 1 bilinear, 2 Lanczos), fit (0 squash, 1
crop, 2 letterbox, 3 exact crop), photo height and width, input height and width, channels, n, n row numbers (32-bit integers), then the n rows'
float32 values [n, width, channels].
preprocess.bin holds float32 [8, 8, 3] pixel values in [0, 255], then preprocess_input of them in mode caffe, tf and torch.
"""

import os
import struct
import sys
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps
from tf_keras.applications.imagenet_utils import preprocess_input
from tf_keras.preprocessing.image import load_img, smart_resize

OUT = Path(__file__).parent.parent / "resources" / "preparation"
NEAREST, BILINEAR, LANCZOS = 0, 1, 2
SQUASH, CROP, LETTERBOX, EXACT_CROP = 0, 1, 2, 3


def photo(height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 31 + y * 17 + c * 59 + x * y % 97 * 3) % 256).astype(np.uint8)


def load(height, width, input_height, input_width, **options):
    """The photo through Keras' load_img."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        Image.fromarray(photo(height, width)).save(file.name)
        image = load_img(file.name, target_size=(input_height, input_width), **options)
        pixels = np.asarray(image, np.float32)
        return pixels[:, :, None] if pixels.ndim == 2 else pixels


def case(file, interpolation, fit, sizes, values, rows=None):
    rows = range(sizes[2]) if rows is None else rows
    assert values.shape[:2] == tuple(sizes[2:]), (sizes, values.shape)
    header = [interpolation, fit, *sizes, values.shape[2], len(rows), *rows]
    file.write(struct.pack(f">{len(header)}i", *header))
    file.write(np.asarray(values)[list(rows)].astype(">f4").tobytes())


def resizes(file):
    small = [
        (17, 23, 8, 8),
        (5, 7, 9, 8),
        (1, 1, 5, 3),
        (1, 9, 4, 4),
        (9, 1, 4, 7),
        (31, 47, 1, 1),
        (7, 5, 7, 5),
        (13, 11, 7, 6),
        (40, 20, 9, 9),
        (20, 40, 9, 12),
    ]
    large = [(426, 640, 224, 224, (0, 111)), (3000, 4000, 96, 96, (0, 95)), (2999, 4001, 160, 99, (159,))]
    for *sizes, rows in [(*s, None) for s in small] + large:
        bilinear = tf.image.resize(photo(*sizes[:2]), sizes[2:], method="bilinear")
        case(file, BILINEAR, SQUASH, sizes, bilinear.numpy(), rows)
        case(file, NEAREST, SQUASH, sizes, load(*sizes), rows)
    # Centres that fall exactly between two pixels, where Pillow and TensorFlow differ.
    for width in (13, 897):
        case(file, NEAREST, SQUASH, (1, width, 1, 299), load(1, width, 1, 299))
    # Left out: where Keras would crop to nothing and TensorFlow would shrink to nothing; both refuse.
    for sizes in [s for s in small if s not in ((1, 1, 5, 3), (9, 1, 4, 7))]:
        case(file, NEAREST, CROP, sizes, load(*sizes, keep_aspect_ratio=True))
        case(file, BILINEAR, CROP, sizes, smart_resize(photo(*sizes[:2]).astype(np.float32), sizes[2:]))
    for sizes in [s for s in small if s not in ((1, 9, 4, 4), (9, 1, 4, 7), (31, 47, 1, 1))]:
        for method, name in ((NEAREST, "nearest"), (BILINEAR, "bilinear")):
            padded = tf.image.resize_with_pad(photo(*sizes[:2]), *sizes[2:], method=name)
            case(file, method, LETTERBOX, sizes, padded.numpy())
    case(file, NEAREST, SQUASH, (17, 23, 8, 8), load(17, 23, 8, 8, color_mode="grayscale"))
    case(file, NEAREST, SQUASH, (17, 23, 20, 13), load(17, 23, 20, 13, color_mode="grayscale"))


def lanczos(file):
    """Keras' load_img, and ImageOps.fit as Teachable Machine's code calls it."""
    small = [(17, 23, 8, 8), (5, 7, 9, 8), (1, 1, 5, 3), (1, 9, 4, 4), (9, 1, 4, 7), (31, 47, 1, 1), (7, 5, 7, 5), (40, 20, 9, 12), (20, 41, 9, 9)]
    large = [(426, 640, 224, 224, (0, 111)), (427, 640, 224, 224, (0, 223)), (640, 427, 224, 224, (1,)), (1499, 2001, 96, 99, (0, 50, 95))]
    for *sizes, rows in [(*s, None) for s in small] + large:
        case(file, LANCZOS, SQUASH, sizes, load(*sizes, interpolation="lanczos"), rows)
        fitted = ImageOps.fit(Image.fromarray(photo(*sizes[:2])), (sizes[3], sizes[2]), Image.Resampling.LANCZOS)
        case(file, LANCZOS, EXACT_CROP, sizes, np.asarray(fitted, np.float32), rows)
        if sizes not in ([1, 1, 5, 3], [9, 1, 4, 7]):
            case(file, LANCZOS, CROP, sizes, load(*sizes, interpolation="lanczos", keep_aspect_ratio=True), rows)
    case(file, LANCZOS, SQUASH, (17, 23, 8, 8), load(17, 23, 8, 8, color_mode="grayscale", interpolation="lanczos"))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    with open(OUT / "lanczos.bin", "wb") as file:
        lanczos(file)
    if sys.argv[1:] == ["lanczos"]:
        return
    with open(OUT / "resize.bin", "wb") as file:
        resizes(file)
    pixels = np.linspace(0, 255, 8 * 8 * 3, dtype=np.float32).reshape(8, 8, 3)
    with open(OUT / "preprocess.bin", "wb") as file:
        file.write(pixels.astype(">f4").tobytes())
        for mode in ("caffe", "tf", "torch"):
            file.write(preprocess_input(pixels.copy(), mode=mode).astype(">f4").tobytes())


main()
