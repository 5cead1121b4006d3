#!/usr/bin/env python3
"""make_vgg19_gap_eighth.py DIR: a VGG19-GAP with an eighth of the channels and what Keras computes with it.

VGG19 whose fully connected layers and last pooling gave way to global average pooling: 16 convolutions, 224x224x3 in, 14x14x64
maps, 19 classes; seeded random weights. Writes DIR/model.h5 (Keras 2) and, as little-endian float32, activations.bin [14, 14, 64],
logits.bin [19], maps.bin [14, 14, 19] (activations times weights) and upsampled.bin [224, 224]: the map of the best class by
tf.image.resize, bilinear. The input is x[i] = ((i * 1103515245 + 12345) mod 2^31) / 2^30 - 1 for i = 0, 1, ... in [h, w, c] order.

Needs: pip install tensorflow-cpu==2.17.* tf_keras==2.17.*
"""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import tf_keras as keras
from tf_keras import layers as L

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
keras.utils.set_random_seed(3)
normal = keras.initializers.RandomNormal

i = x = L.Input((224, 224, 3), name="input_1")
for block, (convolutions, channels) in enumerate([(2, 8), (2, 16), (4, 32), (4, 64), (4, 64)], 1):
    for c in range(1, convolutions + 1):
        x = L.Conv2D(channels, 3, padding="same", activation="relu", kernel_initializer="he_normal",
                     bias_initializer=normal(0.0, 0.05), name=f"block{block}_conv{c}")(x)
    if block < 5:
        x = L.MaxPooling2D(2, 2, name=f"block{block}_pool")(x)
features = x
x = L.GlobalAveragePooling2D(name="gap")(x)
x = L.Dense(19, name="scores", kernel_initializer=normal(0.0, 0.2), bias_initializer=normal(0.0, 0.2))(x)
scores = x
model = keras.Model(i, L.Activation("softmax", name="predictions")(x))
model.save(os.path.join(out, "model.h5"), include_optimizer=False)

n = np.arange(224 * 224 * 3, dtype=np.int64)
image = (((n * 1103515245 + 12345) % 2**31) / 2.0**30 - 1).astype("f4").reshape(1, 224, 224, 3)
activations, logits = (np.asarray(a)[0] for a in keras.Model(i, [features, scores])(image))
maps = activations.astype("f8") @ np.asarray(model.get_layer("scores").kernel, "f8")
best = maps[:, :, int(np.argmax(logits))].astype("f4")
upsampled = np.asarray(tf.image.resize(best[:, :, None], (224, 224), method="bilinear"))[:, :, 0]
for name, array in (("activations", activations), ("logits", logits), ("maps", maps), ("upsampled", upsampled)):
    np.ascontiguousarray(array, "<f4").tofile(os.path.join(out, name + ".bin"))
print("logits", logits, "features", np.abs(activations).max(), "zero cells", (activations == 0).mean())
