"""keras_heads.py k2|k3: one small model with a head of every kind that is linear behind its poolings and some that are not, and the
logits and class activation maps of the linear ones.

k2 needs TensorFlow 2.17 and tf_keras 2.17, k3 TensorFlow 2.17 and keras 3.15; k2 first. Writes to ../resources/keras:
models/linear_heads/{k2,k3}.keras and golden/linear_heads.{x [2, 12, 12, 3], logits [heads, 2, 5], maps [heads, 2, 4, 4, 5]}.bin in
little-endian float32, heads in the order of the model's first outputs.

Logits and maps are computed in float64. A map is the feature maps times the derivative of the logit by them (TensorFlow's), times the
number of cells, summed over the channels: for a head that is linear this is the class activation map.
"""

import os
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
KERAS = sys.argv[1]
import numpy as np
import tensorflow as tf

if KERAS == "k2":
    import tf_keras as keras
else:
    import keras

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")
CLASSES = 5


def gap(x, **settings):
    return L.GlobalAveragePooling2D(**settings)(x)


def dense(x, units=CLASSES, **settings):
    return L.Dense(units, **settings)(x)


def linear(a, b, c):
    """Logits of each head, the feature maps that they are pooled from, and what makes probabilities of them."""
    shared = L.Dense(CLASSES, name="shared")
    classes = L.Conv2D(CLASSES, 1, name="classes")(b)
    return {
        "batch_norm": (dense(L.BatchNormalization(name="bn")(L.Dropout(0.3)(gap(b)))), [b], "softmax"),
        "two_dense": (dense(L.Dropout(0.3)(dense(gap(b), 7))), [b], "softmax"),
        "joined": (dense(L.Concatenate()([gap(a), gap(b)])), [a, b], "softmax"),
        "joined_labels": (dense(L.Concatenate()([gap(a), gap(b), gap(a)])), [a, b], "sigmoid"),
        "joined_with_itself": (dense(L.BatchNormalization()(L.Concatenate()([gap(b), gap(b)]))), [b], "softmax"),
        "joined_maps": (dense(gap(L.Concatenate(name="maps")([a, b]))), [a, b], "softmax"),
        "added_features": (dense(L.Add()([gap(b), gap(c)])), [b, c], "softmax"),
        "added_logits": (L.Add()([dense(gap(a)), dense(gap(b))]), [a, b], "softmax"),
        "subtracted_logits": (L.Subtract()([dense(gap(a)), dense(gap(b))]), [a, b], "softmax"),
        "several_dropouts": (L.Average()([dense(L.Dropout(0.3)(gap(b))) for _ in range(3)]), [b], "softmax"),
        "shared_dense": (L.Average()([shared(L.Dropout(rate)(gap(b))) for rate in (0.1, 0.2, 0.3)]), [b], "softmax"),
        "temperature": (dense(gap(b)) / 2.5, [b], "softmax"),
        "rescaled": (dense(L.Rescaling(0.1, 0.3)(gap(b))), [b], "softmax"),
        "pointwise": (L.Flatten()(L.BatchNormalization()(L.Conv2D(CLASSES, 1)(gap(b, keepdims=True)))), [b], "softmax"),
        "class_maps": (gap(classes) * 0.5, [b], "softmax"),
        "normalized_class_maps": (gap(L.BatchNormalization(name="bn_classes")(classes)), ["bn_classes"], "softmax"),
        "rectified_class_maps": (gap(L.ReLU(name="relu_classes")(classes)), ["relu_classes"], "softmax"),
    }


def others(a, b, c):
    """Heads of which no class activation map exists."""
    small = L.Conv2D(4, 3, strides=2, activation="relu", name="small")(a)
    return {
        "hidden": dense(dense(gap(b), 7, activation="relu", name="hidden_dense")),
        "rectified": dense(L.ReLU(name="rectified_features")(gap(b))),
        "layer_norm": dense(L.LayerNormalization(name="ln")(gap(b))),
        "maximum": dense(L.Concatenate()([gap(b), L.GlobalMaxPooling2D(name="gmp")(b)])),
        "product": dense(L.Multiply(name="gated")([gap(b), gap(c)])),
        "flat": dense(L.Flatten()(b), name="flat_dense"),
        "flat_rectified": dense(L.Flatten()(L.ReLU(name="last_relu")(L.Conv2D(4, 3)(b)))),
        "sizes": dense(L.Concatenate()([gap(a), gap(small)])),
        "probabilities": L.Average()([dense(gap(b), activation="softmax", name="first"), dense(gap(b), activation="softmax")]),
        "extractor": gap(b),
    }


def build():
    """The model and, of each linear head, the logits and the feature maps."""
    image = keras.Input((12, 12, 3), name="image")
    a = L.Conv2D(6, 3, strides=3, activation="relu", name="a")(image)
    b = L.Conv2D(4, 3, padding="same", activation="relu", name="b")(a)
    c = L.Conv2D(4, 1, activation="tanh", name="c")(a)
    heads = linear(a, b, c)
    outputs = [L.Activation(activation, name=name)(logits) for name, (logits, _, activation) in heads.items()]
    outputs += [L.Activation("linear" if name in ("extractor", "probabilities") else "softmax", name=name)(logits) for name, logits in others(a, b, c).items()]
    return keras.Model(image, outputs), [(logits, maps) for logits, maps, _ in heads.values()]


def randomize(model):
    rng = np.random.RandomState(7)
    for weight in model.weights:
        name = getattr(weight, "path", weight.name)
        shape = tuple(weight.shape)
        if "variance" in name or "gamma" in name:
            value = rng.uniform(0.5, 1.5, shape)
        elif "kernel" in name:
            value = rng.randn(*shape) * np.sqrt(2 / max(1, np.prod(shape[:-1])))
        else:
            value = rng.randn(*shape) * 0.2
        weight.assign(value.astype("float32"))


def reference(model, heads, x):
    """Logits and maps of each head."""
    logits, maps = [], []
    for head, features in heads:
        features = [model.get_layer(f).output if isinstance(f, str) else f for f in features]
        # The head as a function of its feature maps alone: what is pooled from one map does not count for another.
        values = keras.Model(model.input, features)(x, training=False)
        values = [tf.convert_to_tensor(v) for v in (values if isinstance(values, (list, tuple)) else [values])]
        end = keras.Model(features, head)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(values)
            scores = end(values, training=False)
            each = [tf.reduce_sum(scores[:, k]) for k in range(CLASSES)]
        cells = int(values[0].shape[1]) * int(values[0].shape[2])
        of_class = [
            sum(tf.reduce_sum(g * v, -1) for g, v in zip(tape.gradient(s, values), values)) * cells for s in each]
        logits.append(np.asarray(scores))
        maps.append(np.stack([np.asarray(m) for m in of_class], -1))
    return np.stack(logits), np.stack(maps)


def write(name, value):
    np.asarray(value, "<f4").tofile(os.path.join(ROOT, "golden", f"linear_heads.{name}.bin"))


keras.backend.clear_session()
model, _ = build()
randomize(model)
folder = os.path.join(ROOT, "models", "linear_heads")
os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, KERAS + ".keras")
model.save(path)
# Keras stores the parts as they are, mostly zeros; packed, the file is a tenth of it.
with zipfile.ZipFile(path) as file:
    parts = {name: file.read(name) for name in file.namelist()}
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
    for name, content in parts.items():
        file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)

x = np.random.RandomState(3).uniform(-1, 1, (2, 12, 12, 3)).astype("float32")
weights = model.get_weights()
keras.backend.set_floatx("float64")
keras.backend.clear_session()
exact, heads = build()
exact.set_weights(weights)
logits, maps = reference(exact, heads, x.astype("float64"))
if KERAS == "k2":
    write("x", x)
    write("logits", logits)
    write("maps", maps)
else:  # Both versions compute the same.
    assert np.array_equal(np.fromfile(os.path.join(ROOT, "golden", "linear_heads.maps.bin"), "<f4"), maps.astype("<f4").ravel())
print(KERAS, logits.shape, maps.shape, np.abs(np.asarray(model(x)[0]) - np.asarray(exact(x.astype("float64"))[0])).max())
