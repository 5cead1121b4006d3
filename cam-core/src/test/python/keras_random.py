"""keras_random.py k2|k3 FOLDER COUNT SEED [SIZE]: random classifiers of all layers that cam4j reads, and what Keras computes.

k2 needs TensorFlow 2.21 and tf_keras 2.21, k3 TensorFlow 2.21 and keras 3.15. Every model ends in global average pooling and a linear
head. Of each model there are NAME.h5 or NAME.keras, NAME.case.json (its layers, shapes, how far Keras' own float32 is from its float64)
and NAME.bin (little-endian float64): two images [2, h, w, c] and, computed by Keras in float64, scores [2, classes] and the maps
that are pooled, [2, h', w', k].

SIZE bounds the channels and layers; "small" makes the models that are kept in the repository:

    python keras_random.py k2 ../resources/keras/random 20 1 small
    python keras_random.py k3 ../resources/keras/random 20 2 small
"""

import json
import os
import random
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
KERAS, FOLDER, COUNT, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
SMALL = "small" in sys.argv[5:]
import numpy as np
import tensorflow as tf

if KERAS == "k2":
    import tf_keras as keras
else:
    import keras
L = keras.layers
ACTIVATIONS = [
    "relu", "linear", "elu", "selu", "softplus", "softsign", "tanh", "sigmoid", "hard_sigmoid", "exponential", "gelu", "swish",
    "relu6" if KERAS == "k3" else "relu", "silu" if KERAS == "k3" else "swish", "leaky_relu" if KERAS == "k3" else "relu",
    "hard_silu" if KERAS == "k3" else "relu", "softmax",
]


class Builder:
    """One random model; the same seed gives the same model, whatever the precision."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.most = 6 if SMALL else 40
        self.used = []

    def channels(self):
        return self.r.randint(1, self.most)

    def pair(self, low, high):
        return (self.r.randint(low, high), self.r.randint(low, high))

    def padding(self):
        return self.r.choice(["same", "valid"])

    def activation(self):
        name = self.r.choice(ACTIVATIONS)
        return None if name == "linear" and self.r.random() < 0.5 else name

    def shape(self, x):
        return tuple(int(s) for s in x.shape[1:])

    # Each makes one value of others; what does not fit is tried no further.

    def conv(self, x):
        c, f = self.shape(x)[2], self.channels()
        groups = self.r.choice([g for g in range(1, c + 1) if c % g == 0]) if self.r.random() < 0.3 else 1
        f = max(groups, f // groups * groups)
        strides, dilation = self.pair(1, 3), (1, 1)
        if self.r.random() < 0.25:
            strides, dilation = (1, 1), self.pair(1, 3)
        elif self.r.random() < 0.5:
            strides = (1, 1)
        if KERAS == "k3" and groups > 1:
            strides = (strides[0], strides[0])
        if KERAS == "k2" and strides[0] != strides[1] and groups > 1:
            strides = (1, 1)
        return L.Conv2D(f, self.pair(1, 5), strides, self.padding(), dilation_rate=dilation, groups=groups,
                        activation=self.activation(), use_bias=self.r.random() < 0.7)(x)

    def depthwise(self, x):
        s = self.r.randint(1, 2)
        return L.DepthwiseConv2D(self.pair(1, 5), (s, s), self.padding(), depth_multiplier=self.r.choice([1, 1, 1, 2]),
                                 activation=self.activation(), use_bias=self.r.random() < 0.5)(x)

    def separable(self, x):
        s = self.r.randint(1, 2)
        return L.SeparableConv2D(self.channels(), self.pair(1, 4), (s, s), self.padding(), activation=self.activation())(x)

    def transposed(self, x):
        if max(self.shape(x)[:2]) > 16:
            return self.conv(x)
        return L.Conv2DTranspose(self.channels(), self.pair(1, 4), self.pair(1, 3), self.padding(),
                                 activation=self.activation(), use_bias=self.r.random() < 0.7)(x)

    def pool(self, x):
        kind = self.r.choice([L.MaxPooling2D, L.AveragePooling2D])
        return kind(self.pair(1, 6), self.r.choice([None, (1, 1), self.pair(1, 3)]), self.padding())(x)

    def norm(self, x):
        kind = self.r.random()
        if kind < 0.6:
            return L.BatchNormalization(scale=self.r.random() < 0.8, center=self.r.random() < 0.8,
                                        epsilon=self.r.choice([1e-3, 1e-5]))(x)
        if kind < 0.8:
            return L.LayerNormalization(scale=self.r.random() < 0.8, center=self.r.random() < 0.8, epsilon=1e-3)(x)
        c = self.shape(x)[2]
        return L.GroupNormalization(self.r.choice([g for g in range(1, c + 1) if c % g == 0]))(x)

    def act(self, x):
        kind = self.r.randrange(6)
        if kind == 0:
            return L.ReLU(self.r.choice([None, 6.0, 1.5]), self.r.choice([0.0, 0.1]), self.r.choice([0.0, 0.0, 0.5]))(x)
        if kind == 1:
            return L.PReLU(shared_axes=self.r.choice([None, [1, 2], [1, 2, 3], [1]]))(x)
        if kind == 2:
            return L.ELU(self.r.choice([1.0, 0.5]))(x)
        if kind == 3:
            return L.LeakyReLU(self.r.choice([0.3, 0.01]))(x)
        if kind == 4:
            return L.Softmax()(x)
        return L.Activation(self.r.choice(ACTIVATIONS))(x)

    def border(self, x):
        h, w, _ = self.shape(x)
        sides = [[self.r.randint(0, 3) for _ in range(2)] for _ in range(2)]
        if self.r.random() < 0.5 and sum(sides[0]) < h and sum(sides[1]) < w:
            return L.Cropping2D(tuple(map(tuple, sides)))(x)
        return L.ZeroPadding2D(tuple(map(tuple, sides)))(x)

    def resize(self, x):
        h, w, _ = self.shape(x)
        kind = self.r.randrange(3)
        if kind == 0 and max(h, w) < 16:
            return L.UpSampling2D(self.pair(1, 3), interpolation=self.r.choice(["nearest", "bilinear"]))(x)
        if kind == 1:
            return L.CenterCrop(self.r.randint(1, h), self.r.randint(1, w))(x)
        return L.Resizing(self.r.randint(2, 20), self.r.randint(2, 20), interpolation=self.r.choice(["nearest", "bilinear"]))(x)

    def order(self, x):
        h, w, c = self.shape(x)
        if self.r.random() < 0.6:
            return L.Permute(self.r.choice([(2, 1, 3), (1, 3, 2), (3, 1, 2), (1, 2, 3)]))(x)
        return L.Reshape(self.r.choice([(w, h, c), (h * w, 1, c), (1, h * w, c), (h, w * c, 1)]))(x)

    def scale(self, x):
        kind = self.r.randrange(4)
        a, b = round(self.r.uniform(-2, 2), 3), round(self.r.uniform(-1, 1), 3)
        if kind == 0:
            return L.Rescaling(a, b)(x)
        if kind == 1:
            c = self.shape(x)[2]
            return L.Normalization(mean=[self.r.uniform(-1, 1) for _ in range(c)],
                                   variance=[self.r.uniform(0.2, 2) for _ in range(c)])(x)
        if kind == 2:
            return x * a
        return x + b

    def idle(self, x):
        kind = self.r.choice([L.Dropout, L.SpatialDropout2D, L.GaussianNoise, L.GaussianDropout, L.AlphaDropout])
        return kind(0.3)(x)

    def alike(self, values, x):
        """Another value of the same shape, brought to it where there is none."""
        same = [v for v in values if self.shape(v) == self.shape(x)]
        other = self.r.choice(same)
        if other is x and self.r.random() < 0.7:
            h, w, c = self.shape(x)
            other = L.Conv2D(c, 1, activation=self.activation())(L.Resizing(h, w, interpolation="nearest")(self.r.choice(values)))
        return other

    def merge(self, x, values):
        kind = self.r.choice([L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum, L.Add, L.Add])
        parts = [x, self.alike(values, x)]
        if kind not in (L.Subtract,) and self.r.random() < 0.2:
            parts.append(self.alike(values, x))
        self.r.shuffle(parts)
        y = kind()(parts)
        return L.ReLU()(y) if self.r.random() < 0.3 else y

    def concatenate(self, x, values):
        parts = [x] + [self.alike_map(values, x) for _ in range(self.r.randint(1, 3))]
        self.r.shuffle(parts)
        return L.Concatenate()(parts)

    def alike_map(self, values, x):
        return self.r.choice([v for v in values if self.shape(v)[:2] == self.shape(x)[:2]])

    def gate(self, x):
        """Squeeze and excitation, in one of its spellings."""
        c = self.shape(x)[2]
        kind = self.r.randrange(3)
        if kind == 0:
            s = L.GlobalAveragePooling2D(keepdims=True)(x)
        else:
            s = L.Reshape((1, 1, c))(L.GlobalAveragePooling2D()(x))
        few = max(1, c // 2)
        if kind == 2:
            s = L.Dense(c, activation="sigmoid")(L.Dense(few, activation="relu")(s))
        else:
            s = L.Conv2D(c, 1, activation=self.r.choice(["sigmoid", "hard_sigmoid"]))(L.Conv2D(few, 1, activation="relu")(s))
        return L.Multiply()([x, s])

    def nested(self, x):
        inner = keras.Input(self.shape(x))
        y = self.step(inner, [inner], deep=False)
        y = self.step(y, [inner, y], deep=False)
        model = keras.Model(inner, y)
        y = model(x)
        if self.r.random() < 0.3 and self.shape(y) == self.shape(x):
            y = L.Add()([model(y), y])
        return y

    def shared(self, x):
        layer = L.Conv2D(self.shape(x)[2], 3, padding="same", activation="relu")
        return layer(layer(x))

    def channel(self, x):
        """What attention modules and hand-written networks do with channels."""
        c = self.shape(x)[2]
        kind = self.r.randrange(5)
        ops = keras.ops if KERAS == "k3" else None
        if kind == 0:
            start = self.r.randint(0, c - 1)
            return x[..., start:self.r.randint(start + 1, c)]
        if kind == 1:
            f = ops.mean if ops else tf.reduce_mean
            return f(x, axis=-1, keepdims=True) if ops else tf.reduce_mean(x, axis=-1, keepdims=True)
        if kind == 2:
            return ops.max(x, axis=-1, keepdims=True) if ops else tf.reduce_max(x, axis=-1, keepdims=True)
        if kind == 3:
            return ops.clip(x, -0.5, 0.75) if ops else tf.clip_by_value(x, -0.5, 0.75)
        return x[..., ::-1] if c == 3 else x

    def step(self, x, values, deep=True):
        kinds = [self.conv] * 6 + [self.depthwise] * 2 + [self.separable, self.transposed] + [self.pool] * 3 + [self.norm] * 3
        kinds += [self.act] * 3 + [self.border] * 2 + [self.resize, self.order, self.scale, self.idle, self.gate, self.shared]
        kinds += [self.channel]
        kinds += [lambda v: self.merge(v, values)] * 4 + [lambda v: self.concatenate(v, values)] * 4
        if deep:
            kinds += [self.nested]
        for _ in range(20):
            state = self.r.getstate()
            kind = self.r.choice(kinds)
            try:
                y = kind(x)
            except Exception:  # Keras refuses it, in both precisions alike: another one.
                self.r.setstate(state)
                self.r.random()
                continue
            h, w, c = self.shape(y) if len(y.shape) == 4 else (0, 0, 0)
            if 1 <= h <= 24 and 1 <= w <= 48 and 1 <= c <= 4 * self.most:
                return y
        return x

    def head(self, x):
        """From the maps to the scores, linear but for the last activation."""
        classes = self.r.randint(2, 7)
        last = self.r.choice(["softmax", "softmax", "sigmoid", None])
        kind = self.r.randrange(7)
        y = L.GlobalAveragePooling2D()(x)
        if self.r.random() < 0.4:
            y = L.Dropout(0.4)(y)
        if kind == 0:
            y = L.BatchNormalization()(y)
        if kind == 1:
            y = L.Dense(5)(y)
        if kind == 2:
            y = L.Rescaling(0.5, 0.1)(y)
        if kind == 3:
            y = L.Reshape((1, 1, self.shape(x)[2]))(y)
            y = L.Conv2D(classes, 1)(y)
            return L.Activation(last or "linear")(L.Flatten()(y))
        if kind == 4:
            y = L.Average()([L.Dense(classes)(L.Dropout(d)(y)) for d in (0.1, 0.2, 0.3)])
            return L.Activation(last or "linear")(y)
        if self.r.random() < 0.3:
            return L.Activation(last or "linear")(L.Dense(classes)(y))
        return L.Dense(classes, activation=last, use_bias=self.r.random() < 0.8)(y)

    def build(self):
        """Model, and the tensor that is pooled."""
        size = (self.r.randint(4, 18), self.r.randint(4, 18), self.r.choice([1, 3, 3, 3, 4]))
        image = keras.Input(size)
        x, values = image, [image]
        if self.r.random() < 0.5:
            x = self.step(x, values)
            values.append(x)
        # A class activation map needs a convolution somewhere.
        x = L.Conv2D(self.channels(), self.pair(1, 3), padding="same", activation=self.activation())(x)
        values.append(x)
        for _ in range(self.r.randint(1, 4 if SMALL else 12)):
            x = self.step(x if self.r.random() < 0.8 else self.r.choice(values), values)
            values.append(x)
        if self.r.random() < 0.5 or x is image:
            x = L.Conv2D(self.channels(), 1, activation=self.activation())(x)
        scores = self.head(x)
        return keras.Model(image, scores), self.pooled(x)

    @staticmethod
    def pooled(x):
        """The map whose cells are pooled: that of the layer before where the last one only gave it another shape."""
        idle = ("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "AlphaDropout")
        layer = x._keras_history[0]
        while type(layer).__name__ in idle or (type(layer).__name__ == "Reshape" and layer.input.shape[-1] == x.shape[-1]):
            x = layer.input
            layer = x._keras_history[0]
        return x


def built(seed, precision):
    keras.backend.clear_session() if KERAS == "k2" else keras.utils.clear_session()
    keras.backend.set_floatx(precision)
    if KERAS == "k3":
        keras.config.set_dtype_policy(precision)
    return Builder(seed).build()


def weights(model, rng):
    values = []
    for weight in model.weights:
        name = (weight.path if KERAS == "k3" else weight.name).split("/")[-1].split(":")[0]
        shape = tuple(weight.shape)
        if name in ("moving_variance", "variance"):
            value = rng.uniform(0.5, 1.5, shape)
        elif name == "gamma":
            value = rng.uniform(0.6, 1.4, shape)
        elif "kernel" in name:
            fan = np.prod(shape[:2]) if name == "depthwise_kernel" else max(1, np.prod(shape[:-1]))
            value = rng.randn(*shape) * np.sqrt(1.5 / fan)
        elif name == "alpha":
            value = rng.uniform(-0.3, 0.5, shape)
        else:
            value = rng.randn(*shape) * 0.2
        values.append(np.asarray(value, "float32"))
    return values


def outputs(model, pooled, x):
    scores = np.asarray(model(x, training=False), "float64")
    maps = np.asarray(keras.Model(model.input, pooled)(x, training=False), "float64")
    return scores, maps


def distance(a, b):
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(b), 1e-30))


def case(index):
    seed = SEED * 1000003 + index
    rng = np.random.RandomState(seed % 2**32)
    model, pooled = built(seed, "float32")
    values = weights(model, rng)
    model.set_weights(values)
    shape = tuple(int(s) for s in model.input.shape[1:])
    x = rng.uniform(-1, 1, (2,) + shape).astype("float32")
    own, own_maps = outputs(model, pooled, x)
    name = f"{KERAS}_{SEED}_{index:04d}"
    suffix = random.Random(seed).choice([".h5", ".keras"] if KERAS == "k3" else [".h5", ".h5", ".keras"])
    file = name + suffix
    model.save(os.path.join(FOLDER, file))
    layers = [type(layer).__name__ for layer in model.layers]
    exact, pooled64 = built(seed, "float64")
    assert [type(layer).__name__ for layer in exact.layers] == layers, "another model in float64"
    exact.set_weights([v.astype("float64") for v in values])
    scores, maps = outputs(exact, pooled64, x.astype("float64"))
    if not all(np.all(np.isfinite(a)) for a in (scores, maps, own, own_maps)) or not np.any(maps):
        os.remove(os.path.join(FOLDER, file))
        return None
    if max(distance(own, scores), distance(own_maps, maps)) > 1e-3:  # Rounding decides what it computes: no bound says anything.
        os.remove(os.path.join(FOLDER, file))
        return None
    with open(os.path.join(FOLDER, name + ".bin"), "wb") as f:
        for array in (x, scores, maps):
            f.write(np.ascontiguousarray(array, "<f8").tobytes())
    with open(os.path.join(FOLDER, name + ".case.json"), "w") as f:
        json.dump({"file": file, "keras": keras.__version__, "image": shape, "classes": scores.shape[1], "pooled": maps.shape[1:],
                   "own": max(distance(own, scores), distance(own_maps, maps)), "layers": layers}, f)
    return file


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    made = 0
    for i in range(COUNT):
        try:
            made += case(i) is not None
        except (AssertionError, ValueError, TypeError, NotImplementedError, tf.errors.OpError) as e:
            print("case", i, "not made:", type(e).__name__, str(e)[:200].replace("\n", " "))
    print(made, "of", COUNT, "made in", FOLDER)
