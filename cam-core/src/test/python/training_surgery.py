#!/usr/bin/env python3
"""training_surgery.py DIR [--full]: a VGG with top, and what Keras computes after the surgery that makes it a VGG-GAP.

Writes DIR/vgg.h5 and DIR/expected.json. Without --full it is a VGG16 with few channels for 64x64 images, the fixture of GapHeadTest;
with --full it is VGG19 as keras.applications has it, with seeded random weights, 224x224 and 575 MB, for the comparison that
docs/training.md describes.

The head's weights are W[k, c] = sin(k * classes + c + 1) * 0.3 and b[c] = cos(c) * 0.1, those of the added convolution, in Keras'
order [kh, kw, in, out], sin(i + 1) * 0.2 / sqrt(in) and cos(i) * 0.05. The input is
x[i] = ((i * 1103515245 + 12345) mod 2^31) / 2^30 - 1 for i = 0, 1, ... in [h, w, c] order.

Needs: pip install tensorflow-cpu==2.17.* tf_keras==2.17.*
"""
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import numpy as np
import tf_keras as keras
from tf_keras import layers as L

out, full = sys.argv[1], "--full" in sys.argv
os.makedirs(out, exist_ok=True)
keras.utils.set_random_seed(8)
size, classes = (224, 19) if full else (64, 5)

if full:
    vgg = keras.applications.VGG19(weights=None)
    # Glorot's weights let the activations fade in 19 layers.
    for layer in vgg.layers:
        if isinstance(layer, L.Conv2D):
            kernel, bias = layer.get_weights()
            layer.set_weights([np.random.normal(0, (2 / kernel[..., 0].size) ** 0.5, kernel.shape), bias + 0.01])
else:
    i = x = L.Input((size, size, 3), name="input_1")
    for block, (convolutions, channels) in enumerate([(2, 2), (2, 2), (3, 4), (3, 4), (3, 8)], 1):
        for c in range(1, convolutions + 1):
            x = L.Conv2D(channels, 3, padding="same", activation="relu", kernel_initializer="he_normal",
                         bias_initializer=keras.initializers.RandomUniform(0.0, 0.2), name=f"block{block}_conv{c}")(x)
        x = L.MaxPooling2D(2, 2, name=f"block{block}_pool")(x)
    x = L.Flatten(name="flatten")(x)
    x = L.Dense(4, activation="relu", name="fc1")(x)
    x = L.Dense(4, activation="relu", name="fc2")(x)
    vgg = keras.Model(i, L.Dense(6, activation="softmax", name="predictions")(x))
vgg.save(os.path.join(out, "vgg.h5"), include_optimizer=False)
if not full:  # a third of the size
    with h5py.File(os.path.join(out, "vgg.h5")) as old, h5py.File(os.path.join(out, "small.h5"), "w", libver="latest") as new:
        new.attrs.update(old.attrs)
        for name in ("keras_version", "backend", "layer_names"):
            new.require_group("model_weights").attrs[name] = old["model_weights"].attrs[name]
        for layer in old["model_weights"]:
            group = new["model_weights"].create_group(layer)
            group.attrs["weight_names"] = np.asarray(old["model_weights"][layer].attrs["weight_names"], "S")
            for name in group.attrs["weight_names"]:
                group[name.decode()] = old["model_weights"][layer][name.decode()][:]
    os.replace(os.path.join(out, "small.h5"), os.path.join(out, "vgg.h5"))

n = np.arange(size * size * 3, dtype=np.int64)
image = (((n * 1103515245 + 12345) % 2**31) / 2.0**30 - 1).astype("f4").reshape(1, size, size, 3)


def surgery(cut, filters):
    """Activations [h, w, k], logits [classes] and maps [h, w, classes]."""
    x = vgg.get_layer(cut).output
    if filters:
        convolution = L.Conv2D(filters, 3, padding="same", activation="relu")
        channels = x.shape[-1]
        x = convolution(x)
        count = 9 * channels * filters
        kernel = (np.sin(np.arange(count) + 1.0) * 0.2 / channels**0.5).reshape(3, 3, channels, filters)
        convolution.set_weights([kernel, np.cos(np.arange(filters)) * 0.05])
    features = x
    dense = L.Dense(classes)
    logits = dense(L.GlobalAveragePooling2D()(x))
    k = features.shape[-1]
    weights = (np.sin(np.arange(k * classes) + 1.0) * 0.3).reshape(k, classes).astype("f4")
    dense.set_weights([weights, np.cos(np.arange(classes)) * 0.1])
    activations, scores = (np.asarray(a)[0] for a in keras.Model(vgg.input, [features, logits])(image))
    maps = activations.astype("f8") @ weights.astype("f8")
    print(cut, activations.shape, "zero", (activations == 0).mean(), "logits", scores)
    return {"activations": activations.ravel().tolist(), "logits": scores.tolist(), "maps": maps.ravel().tolist()}


last = "block5_conv4" if full else "block5_conv3"
filters = 1024 if full else 6
with open(os.path.join(out, "expected.json"), "w") as file:
    json.dump({"convolution": surgery(last, 0), "pooling": surgery("block5_pool", 0),
               "paper": surgery(last, filters)}, file)
