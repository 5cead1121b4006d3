"""keras_minis.py k2|k3 [NAME ...]: one small model for each way in which Keras' layers are commonly set, and what Keras computes.

k2 needs TensorFlow 2.17 and tf_keras 2.17, k3 TensorFlow 2.17 and keras 3.15; k2 first. Without names, all models. Writes to
../resources/keras: models/NAME/{k2.h5 | k3.h5, k3.keras}, golden/NAME.{k2,k3}.{json,y.bin,act.bin} and golden/NAME.k2.x.bin
(little-endian float32, NHWC; the input is the same for both).

Models of half precision are computed in float32 with the weights that are in their files: what they mean, without the rounding that
Keras does after every layer.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
KERAS = sys.argv[1]
import numpy as np

if KERAS == "k2":
    import tf_keras as keras
else:
    import keras

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")
CLASSES = 19


def image(*shape):
    return keras.Input(shape or (32, 32, 3), name="img")


def convolutions(x, data_format="channels_last"):
    k = {} if data_format == "channels_last" else {"data_format": data_format}
    x = L.Conv2D(8, 3, padding="same", activation="relu", name="c1", **k)(x)
    x = L.BatchNormalization(axis=-1 if not k else 1, name="bn")(x)
    x = L.MaxPooling2D(2, name="p1", **k)(x)
    x = L.LeakyReLU(name="lr")(L.Conv2D(16, 3, strides=2, name="c2", **k)(x))
    return L.Conv2D(16, 3, padding="same", activation="relu", name="c3", **k)(x)


def scores(x, activation="softmax"):
    return L.Dense(CLASSES, activation=activation, name="pred")(x)


def classifier(inputs, x):
    return keras.Model(inputs, scores(L.GlobalAveragePooling2D(name="gap")(x)))


def mini_gap():
    i = image()
    return classifier(i, convolutions(i)), "c3"


def mini_flatten():
    i = image()
    x = L.Flatten(name="fl")(convolutions(i))
    return keras.Model(i, scores(L.Dense(32, activation="relu", name="fc")(x))), "c3"


def mini_mixed16():
    return mini_gap()


def mini_float16():
    return mini_gap()


def mini_chfirst():
    i = image(3, 32, 32)
    x = convolutions(i, "channels_first")
    return keras.Model(i, scores(L.GlobalAveragePooling2D(data_format="channels_first", name="gap")(x))), "c3"


def mini_hwcrect():
    """Not square, an even kernel, dilation."""
    i = image(30, 46, 3)
    x = L.Conv2D(8, (3, 5), strides=(2, 1), padding="same", activation="relu", name="c1")(i)
    x = L.Conv2D(8, 3, dilation_rate=2, padding="same", activation="relu", name="c2")(x)
    x = L.AveragePooling2D(3, 2, padding="same", name="ap")(x)
    return classifier(i, L.Conv2D(8, 2, strides=2, padding="same", activation="relu", name="c3")(x)), "c3"


def mini_gmp():
    i = image()
    return keras.Model(i, scores(L.GlobalMaxPooling2D(name="gap")(convolutions(i)), "sigmoid")), "c3"


def separable(**options):
    i = image()
    x = L.SeparableConv2D(12, 3, padding="same", name="s1", activation="relu", **options)(i)
    return classifier(i, L.Conv2D(16, 3, name="c3", activation="relu")(x)), "s1"


def mini_sep():
    return separable()


def mini_sepnobias():
    return separable(use_bias=False)


def mini_sepdm2():
    return separable(depth_multiplier=2)


def one(layer, *shape):
    i = image(*shape)
    return classifier(i, layer(i)), "s1"


def before_convolution(layer, *shape):
    i = image(*shape)
    return classifier(i, L.Conv2D(16, 3, name="c3")(layer(i))), "s1"


def after_convolution(*layers):
    i = image()
    x = L.Conv2D(16, 3, padding="same", name="c1")(i)
    for layer in layers:
        x = layer(x)
    return classifier(i, x), "s1"


def mini_sepstride():
    return one(L.SeparableConv2D(12, 5, strides=2, name="s1", use_bias=False))


def mini_dw():
    return one(L.DepthwiseConv2D(3, padding="same", name="s1", activation="relu"))


def mini_dwdm2():
    return one(L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", strides=2, name="s1", use_bias=False))


def mini_maxsame():
    return before_convolution(L.MaxPooling2D(3, 2, padding="same", name="s1"), 33, 32, 3)


def mini_avgsame():
    return before_convolution(L.AveragePooling2D(3, 2, padding="same", name="s1"), 33, 32, 3)


def mini_crop():
    pad = L.ZeroPadding2D(((0, 1), (0, 1)))
    crop = L.Cropping2D(((1, 0), (1, 0)), name="s1")
    return before_convolution(lambda x: crop(pad(x)))


def mini_resize():
    i = image(48, 40, 3)
    return classifier(i, L.Conv2D(16, 3, name="c3")(L.CenterCrop(32, 32, name="cc")(i))), "c3"


def mini_shared():
    """One convolution that is used twice."""
    i = image()
    c = L.Conv2D(3, 3, padding="same", name="c3")
    return classifier(i, L.Add(name="s1")([c(i), c(c(i))])), "s1"


def mini_se():
    """Squeeze and excitation."""

    def gate(x):
        s = L.Reshape((1, 1, 16), name="rs")(L.GlobalAveragePooling2D(name="sg")(x))
        s = L.Conv2D(4, 1, activation="swish", name="r")(s)
        return L.Multiply(name="s1")([x, L.Conv2D(16, 1, activation="sigmoid", name="e")(s)])

    return after_convolution(gate)


def mini_groups():
    return after_convolution(L.Conv2D(16, 3, padding="same", groups=4, name="s1"))


def mini_relu6():
    return after_convolution(L.ReLU(6.0, negative_slope=0.1, threshold=0.2, name="s1"))


def mini_gelu():
    i = image()
    x = L.Conv2D(16, 3, padding="same", activation="gelu", name="s1")(i)
    return classifier(i, L.Activation("swish", name="sw")(x)), "s1"


def mini_multiout():
    i = image()
    x = L.Conv2D(16, 3, padding="same", name="c3")(i)
    aux = L.Dense(2, name="aux")(L.GlobalMaxPooling2D(name="gm")(x))
    return keras.Model(i, [scores(L.GlobalAveragePooling2D(name="gap")(x)), aux]), "c3"


MODELS = [f for name, f in sorted(globals().items()) if name.startswith("mini_")]
POLICIES = {"mini_mixed16": "mixed_float16", "mini_float16": "float16"}


def built(model_of, policy):
    keras.mixed_precision.set_global_policy(policy)
    try:
        return model_of()
    finally:
        keras.mixed_precision.set_global_policy("float32")


def randomize(model):
    random = np.random.RandomState(7)
    for weight in model.weights:
        path = weight.path if KERAS == "k3" else weight.name
        name = path.split("/")[-1].split(":")[0]
        shape = tuple(weight.shape)
        if name.endswith("kernel"):
            depthwise = name == "depthwise_kernel"
            value = random.randn(*shape) * np.sqrt(2 / np.prod(shape[:2] if depthwise else shape[:-1]))
        elif name == "gamma":
            value = random.uniform(0.6, 1.4, shape)
        elif name == "moving_variance":
            value = random.uniform(0.5, 1.5, shape)
        else:
            value = random.randn(*shape) * {"beta": 0.1, "moving_mean": 0.2}.get(name, 0.05)
        weight.assign(value.astype("float32").astype(np.asarray(weight).dtype))


def outputs(model, activation, x):
    both = keras.Model(model.inputs, [model.get_layer(activation).output, model.outputs[0]])
    return [np.asarray(value) for value in both(x, training=False)]


def write(name, kind, value):
    np.asarray(value, "<f4").tofile(os.path.join(ROOT, "golden", f"{name}.{kind}.bin"))


for model_of in MODELS:
    name = model_of.__name__
    if sys.argv[2:] and name not in sys.argv[2:]:
        continue
    keras.backend.clear_session()
    model, activation = built(model_of, POLICIES.get(name, "float32"))
    randomize(model)
    x = np.random.RandomState(3).uniform(-1, 1, (2, *model.inputs[0].shape[1:])).astype("float32")
    if name == "mini_chfirst":  # which TensorFlow does not compute on CPUs
        exact, _ = mini_gap()
        exact.set_weights(model.get_weights())
        inner, y = outputs(exact, activation, x.transpose(0, 2, 3, 1))
        inner = inner.transpose(0, 3, 1, 2)
    else:
        exact, _ = built(model_of, "float32")
        exact.set_weights([np.asarray(value, "float32") for value in model.get_weights()])
        inner, y = outputs(exact, activation, x)
    folder = os.path.join(ROOT, "models", name)
    os.makedirs(folder, exist_ok=True)
    for format in ("h5",) if KERAS == "k2" else ("h5", "keras"):
        model.save(os.path.join(folder, f"{KERAS}.{format}"))
    if KERAS == "k2":
        write(name, "k2.x", x)
    write(name, KERAS + ".y", y)
    write(name, KERAS + ".act", inner)
    with open(os.path.join(ROOT, "golden", f"{name}.{KERAS}.json"), "w") as out:
        json.dump({"name": name, "act": activation, "x": x.shape, "y": y.shape, "a": inner.shape}, out)
    print(name, KERAS, inner.shape, y.shape, y[0][:4].round(3))
