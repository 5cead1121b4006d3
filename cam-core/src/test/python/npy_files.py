"""npy_files.py: arrays as numpy.save writes them, for the tests of NumPy files.

Needs NumPy 2. Writes to ../resources/npy. Unless the name says otherwise, an array is [2, 3, 4, 3], and its value of index i in C order is
i / 4 - 3, which half precision holds exactly; uint8 holds i.
"""

import os

import numpy as np
from numpy.lib import format as npy

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "npy")
SHAPE = (2, 3, 4, 3)
VALUES = (np.arange(72) / 4 - 3).reshape(SHAPE)


def write(name, array, version=None):
    with open(os.path.join(OUT, name + ".npy"), "wb") as file:
        npy.write_array(file, array, version=version)


os.makedirs(OUT, exist_ok=True)
for kind in ("<f4", ">f4", "<f8", ">f8", "<f2", ">f2"):
    write({"<": "little_", ">": "big_"}[kind[0]] + kind[1:], VALUES.astype(kind))
write("uint8", np.arange(72, dtype="u1").reshape(SHAPE))
for version in (1, 2, 3):
    write(f"version_{version}", VALUES.astype("<f4"), (version, 0))
write("fortran_f4", np.asfortranarray(VALUES.astype("<f4")))
write("fortran_f8", np.asfortranarray(VALUES.astype(">f8")))
write("one_image", VALUES[0].astype("<f4"))
write("one_image_fortran", np.asfortranarray(VALUES[0].astype("<f4")))
write("channels_first", VALUES.transpose(0, 3, 1, 2).astype("<f4"))
write("no_image", np.zeros((0, 3, 4, 3), "<f4"))
write("matrix", np.zeros((3, 4), "<f4"))
write("scalar", np.zeros((), "<f4"))
write("five_axes", np.zeros((1, 1, 1, 1, 3), "<f4"))
write("int64", np.zeros(SHAPE, "<i8"))
write("bool", np.zeros(SHAPE, "?"))
write("complex", np.zeros((1, 3, 4, 3), "<c8"))
write("fields", np.zeros((1, 3), [("a", "<f4"), ("b", "<i4")]))
write("object", np.array([None, 1], object))
np.savez(os.path.join(OUT, "archive.npz"), images=VALUES.astype("<f4"))
