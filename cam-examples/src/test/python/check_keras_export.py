#!/usr/bin/env python3
"""check_keras_export.py MODEL.h5 MODEL.keras EXPECTED.npy: Keras itself loads what cam4j wrote, and computes the same.

Both files are of one network; EXPECTED.npy holds [n, classes] probabilities that cam4j computed, for the input
x[i] = ((i * 1103515245 + 12345) mod 2^31) / 2^30 - 1 for i = 0, 1, ... in [n, h, w, c] order. KerasExportCheck writes all three;
docs/training.md has the commands. Keras 2 (tf_keras) and Keras 3 load the .h5, Keras 3 the .keras; fails beyond 1e-4.

Needs: pip install tensorflow-cpu==2.17.* tf_keras==2.17.* keras==3.*
"""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tf_keras

h5, keras3, expected = sys.argv[1], sys.argv[2], np.load(sys.argv[3])
failed = False
for library, file in ((tf_keras, h5), (keras, h5), (keras, keras3)):
    model = library.models.load_model(file, compile=False)
    shape = (len(expected),) + tuple(model.input_shape[1:])
    n = np.arange(np.prod(shape), dtype=np.int64)
    x = (((n * 1103515245 + 12345) % 2**31) / 2.0**30 - 1).astype("f4").reshape(shape)
    error = np.abs(np.asarray(model(x)) - expected).max()
    failed |= not error < 1e-4
    print(f"{library.__name__} {library.__version__} {os.path.basename(file)}: {model.count_params()} parameters, "
          f"largest difference {error:.1e}")
sys.exit(failed)
