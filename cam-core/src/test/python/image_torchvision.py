"""Writes what torchvision and Pillow make of photos on their way into a network, for ResizeReferenceTest.

Needs torchvision 0.29 and Pillow 13. Run without arguments; writes torchvision.bin to ../resources/preparation beside this file, in the form
that image_resize.py describes, with the interpolations 3 bicubic and 4 smooth bilinear, and, in place of a fit, minus the length to which
transforms.Resize resizes the shorter side before transforms.CenterCrop.
"""

import struct
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import InterpolationMode

OUT = Path(__file__).parent.parent / "resources" / "preparation" / "torchvision.bin"
FILTERS = [
    (2, InterpolationMode.LANCZOS, Image.Resampling.LANCZOS),
    (3, InterpolationMode.BICUBIC, Image.Resampling.BICUBIC),
    (4, InterpolationMode.BILINEAR, Image.Resampling.BILINEAR),
]
SQUASH, EXACT_CROP = 0, 3


def photo(height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return Image.fromarray(((x * 31 + y * 17 + c * 59 + x * y % 97 * 3) % 256).astype(np.uint8))


def case(file, interpolation, fit, sizes, image, rows):
    values = np.asarray(image, np.float32)
    rows = list(range(sizes[2])) if rows is None else list(rows)
    assert values.shape[:2] == tuple(sizes[2:]), (sizes, values.shape)
    file.write(struct.pack(f">{8 + len(rows)}i", interpolation, fit, *sizes, 3, len(rows), *rows))
    file.write(values[rows].astype(">f4").tobytes())


def main():
    resized = [(17, 23, 8, 8, None), (5, 7, 9, 8, None), (31, 47, 1, 1, None), (9, 1, 4, 7, None), (40, 20, 9, 12, None), (427, 640, 224, 224, (0, 223))]
    # Odd and even rests on both sides, enlarged and shrunk, narrow photos.
    cropped = [
        (17, 23, 8, 8, 9, None),
        (23, 17, 8, 8, 10, None),
        (5, 7, 8, 8, 17, None),
        (13, 40, 6, 7, 8, None),
        (200, 9, 8, 8, 16, None),
        (427, 640, 224, 224, 256, (0, 111, 223)),
        (640, 427, 224, 224, 232, (0, 223)),
        (500, 375, 224, 224, 235, (7,)),
        (1499, 2001, 96, 96, 109, (0, 50, 95)),
        (375, 500, 299, 299, 342, (150,)),
    ]
    with open(OUT, "wb") as file:
        for number, mode, filter in FILTERS:
            for height, width, rows, columns, wanted in resized:
                sizes = (height, width, rows, columns)
                if number != 2:
                    case(file, number, SQUASH, sizes, photo(height, width).resize((columns, rows), filter), wanted)
                    case(file, number, EXACT_CROP, sizes, ImageOps.fit(photo(height, width), (columns, rows), filter), wanted)
            for height, width, rows, columns, side, wanted in cropped:
                recipe = transforms.Compose([transforms.Resize(side, mode), transforms.CenterCrop((rows, columns))])
                case(file, number, -side, (height, width, rows, columns), recipe(photo(height, width)), wanted)


main()
