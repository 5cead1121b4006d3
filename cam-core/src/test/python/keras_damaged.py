"""Makes Keras 2 files that are damaged or hostile in ways that need an HDF5 library to write.

Needs h5py and the models that are in ../resources/keras already. Run in this folder; writes ../resources/keras/damaged.zip.
Each file in it is mini_dw with one thing changed.
"""

import json
import os
import tempfile
import zipfile
import zlib

import h5py
import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")
KERNEL = "model_weights/pred/pred/kernel:0"
SHAPE = (3, 19)
ARCHIVE = zipfile.ZipFile(os.path.join(ROOT, "damaged.zip"), "w")


def save(name, change, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name + ".h5")
        with h5py.File(os.path.join(ROOT, "models/mini_dw/k2.h5"), "r") as good, h5py.File(path, "w", **options) as file:
            for key, value in good.attrs.items():
                file.attrs[key] = value
            good.copy("model_weights", file)
            change(file)
        with open(path, "rb") as file:
            # A fixed date, so that the archive's bytes repeat.
            ARCHIVE.writestr(zipfile.ZipInfo(name + ".h5", (2026, 1, 1, 0, 0, 0)), file.read(), zipfile.ZIP_DEFLATED, 9)


def kernel(**arguments):
    def change(file):
        del file[KERNEL]
        return file.create_dataset(KERNEL, **arguments)

    return change


def link(target):
    def change(file):
        del file[KERNEL]
        file[KERNEL] = target

    return change


def packed(raw):
    def change(file):
        dataset = kernel(shape=SHAPE, dtype="f4", chunks=SHAPE, compression="gzip")(file)
        dataset.id.write_direct_chunk((0, 0), raw)

    return change


def one_chunk_of_two(file):
    kernel(shape=SHAPE, dtype="f4", chunks=(3, 10), compression="gzip")(file)[:, :10] = 1


def config(change):
    def changed(file):
        model = json.loads(file.attrs["model_config"])
        file.attrs["model_config"] = change(model)

    return changed


def many_names(file):
    """Chunks, names and attributes in the trees of HDF5's newer versions."""
    kernel(data=np.full(SHAPE, 0.25, "f4"), chunks=(2, 8), compression="gzip")(file)
    for i in range(80):
        file.create_group(f"more_{i}")
        file.attrs[f"more_{i}"] = i


def without_model(file):
    del file.attrs["model_config"]


save("external_link", link(h5py.ExternalLink("/etc/hostname", "/x")))
save("soft_link", link(h5py.SoftLink("/" + KERNEL)))
save("external_storage", kernel(shape=SHAPE, dtype="f4", external=[("/etc/passwd", 0, 4 * 57)]))
save("chunk_bomb", packed(zlib.compress(bytes(16 << 20), 9)))
save("chunk_too_short", packed(zlib.compress(bytes(100))))
save("chunk_missing", one_chunk_of_two)
save("chunk_too_large", kernel(shape=SHAPE, maxshape=(None, None), dtype="f4", chunks=(20000, 2000)))
save("never_written", kernel(shape=SHAPE, dtype="f4"))
save("wide", kernel(shape=(1 << 20, 1 << 20), dtype="f4", chunks=(64, 64)))
save("integers", kernel(data=np.ones(SHAPE, "i4")))
save("strings", kernel(data=np.full(SHAPE, b"abc")))
save("quadruple", kernel(data=np.ones(SHAPE, np.longdouble)))
save("infinite_half", kernel(data=np.full(SHAPE, np.inf, "f2")))
save("too_large_for_float", kernel(data=np.full(SHAPE, 1e300)))
save("weights_only", without_model)
save("config_deep", config(lambda model: "[" * 5000 + "]" * 5000))
save("config_number", config(lambda model: 7))
save("good_double_big_endian", kernel(data=np.full(SHAPE, 0.25, ">f8")))
save("good_gzip", kernel(data=np.full(SHAPE, 0.25, "f4"), chunks=(2, 8), compression="gzip", shuffle=True, fletcher32=True))
save("good_lzf", kernel(data=np.full(SHAPE, 0.25, "f4"), chunks=(2, 8), compression="lzf"))
save("good_newer", many_names, libver="v110")
growing = kernel(data=np.full(SHAPE, 0.25, "f4"), maxshape=(None, None), chunks=(2, 8))
save("growing", growing, libver="v110")
ARCHIVE.close()
