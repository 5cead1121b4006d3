"""Writes the resources of org.cam4j.render: picture/colormaps.txt (from matplotlib) and text/letters.txt (from Roboto).

Needs matplotlib 3.11, fonttools and font-roboto 0.0.1 (Roboto 2.138, Apache-2.0). Run it in cam-core:

    python src/test/python/render_resources.py src/main/resources/org/cam4j/render

Prints the SHA-256 of the 768 bytes of every colormap, which ColormapTest compares with.
"""

import hashlib
import sys
from pathlib import Path

import font_roboto
import matplotlib
import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

COLORMAPS_HEADER = """\
# 256 colours from 0 to 1 as RRGGBB: matplotlib's tables, each channel rounded to the nearest of 256 steps.
# turbo: Anton Mikhailov, Copyright 2019 Google LLC, Apache-2.0.
# viridis, inferno: Nathaniel J. Smith, Stéfan van der Walt and (viridis) Eric Firing, CC0.
"""

LETTERS_HEADER = """\
# Outlines of Roboto Medium 2.138, Copyright 2011 Google Inc., Apache-2.0; kerning and hints left out.
# A line is a character: code point in hex, advance, then M x y, L x y, Q cx cy x y, Z; 1000 units an em, y downwards.
"""

CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D,
              0x2026, 0x2212]


def table(name):
    """[256, 3] bytes, halves rounded up; the small number is for those of jet that matplotlib computes as 4.4999999."""
    return np.floor(matplotlib.colormaps[name](np.arange(256))[:, :3] * 255 + 0.5 + 1e-9).astype(np.uint8)


class Outline(BasePen):
    """Collects quadratic outlines, scaled to 1000 units an em with y downwards."""

    def __init__(self, glyphs, scale):
        super().__init__(glyphs)
        self.scale = scale
        self.words = []

    def add(self, command, *points):
        coordinates = (str(round(v * self.scale * s)) for point in points for v, s in zip(point, (1, -1)))
        self.words.append(" ".join((command, *coordinates)))

    def _moveTo(self, point):
        self.add("M", point)

    def _lineTo(self, point):
        self.add("L", point)

    def _qCurveToOne(self, control, point):
        self.add("Q", control, point)

    def _closePath(self):
        self.words.append("Z")


def letters(file):
    font = TTFont(file)
    glyphs, names, scale = font.getGlyphSet(), font.getBestCmap(), 1000 / font["head"].unitsPerEm
    for character in CHARACTERS:
        if character in names:
            glyph = glyphs[names[character]]
            outline = Outline(glyphs, scale)
            glyph.draw(outline)
            yield " ".join((f"{character:04X}", str(round(glyph.width * scale)), *outline.words))


def main(folder):
    lines = []
    for name in ("turbo", "viridis", "inferno"):
        lines.append(name)
        hexes = [bytes(colour).hex() for colour in table(name)]
        lines += [" ".join(hexes[i:i + 16]) for i in range(0, 256, 16)]
    (folder / "picture/colormaps.txt").write_text(COLORMAPS_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    medium = Path(font_roboto.__file__).parent / "files" / "Roboto-Medium.ttf"
    (folder / "text/letters.txt").write_text(LETTERS_HEADER + "\n".join(letters(medium)) + "\n", encoding="utf-8")
    for name in ("turbo", "viridis", "jet", "inferno", "gray"):
        print(name, hashlib.sha256(table(name).tobytes()).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
