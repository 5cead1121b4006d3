"""Makes small Keras 2 models that between them use every layer that cam4j reads, and what Keras computes with them.

Needs TensorFlow 2.17, tf_keras 2.17 and h5py. Run in this folder; writes to ../resources/keras:
models/NAME/k2.h5 and golden/NAME.k2.{json,x.bin,y.bin,act.bin} (little-endian float32, NHWC).
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import h5py
import numpy as np
import tf_keras as keras

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")


def activations():
    """Every activation function and activation layer, side by side."""
    image = keras.Input((5, 4, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", name="conv")(image)
    names = ["linear", "relu", "elu", "selu", "tanh", "sigmoid", "hard_sigmoid", "softplus", "softsign", "swish"]
    branches = [L.Activation(name, name=name)(x) for name in names]
    branches += [L.Conv2D(2, 1, activation="swish", name="conv_swish")(x)]
    branches += [
        L.ReLU(name="layer_relu")(x),
        L.ReLU(6.0, name="layer_relu6")(x),
        L.ReLU(0.7, name="layer_relu_max")(x),
        L.ReLU(negative_slope=0.2, name="layer_relu_slope")(x),
        L.ReLU(threshold=0.4, name="layer_relu_threshold")(x),
        L.ReLU(1, negative_slope=0.1, threshold=0.3, name="layer_relu_all")(x),
        L.LeakyReLU(0.15, name="layer_leaky")(x),
        L.ELU(0.6, name="layer_elu")(x),
        L.PReLU(name="prelu")(x),
        L.PReLU(shared_axes=[1, 2], name="prelu_shared")(x),
    ]
    x = L.Concatenate(name="joined")(branches)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    x = L.PReLU(name="prelu_vector")(x)
    x = L.Dense(7, name="logits")(x)
    return keras.Model(image, L.Softmax(name="softmax")(x)), "joined"


def merges():
    """Layers of several inputs, batch normalization in all forms, rows and columns, layers that do nothing."""
    image = keras.Input((9, 7, 3), name="image")
    a = L.Conv2D(4, 3, padding="same", use_bias=False, name="a")(L.RandomFlip(name="flip")(image))
    b = L.BatchNormalization(scale=False, name="b")(a)
    c = L.BatchNormalization(center=False, name="c")(a)
    d = L.BatchNormalization(scale=False, center=False, epsilon=1e-5, name="d")(a)
    x = L.Concatenate(name="all")([
        L.Add(name="add")([a, b, c]),
        L.Subtract(name="subtract")([b, c]),
        L.Multiply(name="multiply")([a, b, d]),
        L.Average(name="average")([a, c, d]),
        L.Maximum(name="maximum")([b, c, d]),
    ])
    x = L.DepthwiseConv2D((3, 2), strides=2, padding="same", depth_multiplier=2, name="depthwise")(x)
    x = L.SpatialDropout2D(0.2, name="dropout2d")(x)
    x = L.UpSampling2D((2, 3), name="up")(x)
    x = L.ZeroPadding2D(((1, 2), (0, 3)), name="pad")(x)
    x = L.Cropping2D(((2, 0), (1, 1)), name="crop")(x)
    x = L.MaxPooling2D((2, 3), strides=(2, 1), name="max")(x)
    x = L.AveragePooling2D(2, name="mean")(x)
    x = L.Conv2D(6, (2, 3), dilation_rate=(1, 2), padding="same", activation="relu", name="last")(x)
    y = L.GlobalAveragePooling2D(name="gap")(L.GaussianNoise(0.1, name="noise")(x))
    y = L.BatchNormalization(name="bn_vector")(L.Dropout(0.5, name="dropout")(y))
    z = L.GlobalMaxPooling2D(name="gmp")(x)
    y = L.Concatenate(name="pooled")([y, z])
    return keras.Model(image, L.Dense(5, activation="softmax", name="classes")(y)), "last"


def keepdims():
    """MobileNet's head: pooling that keeps its axes, a 1x1 convolution, and a reshape."""
    image = keras.Input((8, 8, 3), name="image")
    x = L.SeparableConv2D(6, 3, dilation_rate=2, padding="same", activation="relu", name="last")(image)
    x = L.GlobalAveragePooling2D(keepdims=True, name="gap")(x)
    x = L.Dropout(0.3, name="dropout")(x)
    x = L.Conv2D(5, 1, padding="same", name="conv_preds")(x)
    x = L.BatchNormalization(name="bn")(x)
    x = L.Reshape((5,), name="reshape")(x)
    return keras.Model(image, L.Activation("softmax", name="predictions")(x)), "last"


def reshapes():
    """A map flattened, reshaped to a map and back."""
    image = keras.Input((4, 6, 2), name="image")
    x = L.Reshape((8, 2, 3), name="to_map")(image)
    x = L.Conv2D(3, 2, name="conv")(x)
    x = L.Flatten(name="flat")(x)
    x = L.Reshape((7, 1, -1), name="from_vector")(x)
    x = L.Conv2D(4, 1, name="last")(x)
    return keras.Model(image, L.Dense(3, name="logits")(L.Flatten(name="flat_too")(x))), "last"


def open_size():
    """Any image size, the head a convolution."""
    image = keras.Input((None, None, 3), name="image")
    x = L.Conv2D(6, 3, strides=2, name="conv")(image)
    x = L.MaxPooling2D(2, padding="same", name="max")(x)
    x = L.Conv2D(5, 1, name="classes")(x)
    return keras.Model(image, L.Softmax(name="softmax")(L.GlobalAveragePooling2D(name="gap")(x))), "classes"


def sequential():
    """As Keras 2.2 wrote it: no input layer, the shape in the first layer."""
    model = keras.Sequential([
        keras.Input((8, 7, 3), name="image"),
        L.Conv2D(5, 3, activation="relu", name="conv"),
        L.GlobalAveragePooling2D(name="gap"),
        L.Dropout(0.5, name="dropout"),
        L.Dense(4, name="logits"),
        L.Activation("softmax", name="softmax"),
    ])
    return model, "conv"


def without_input_layer(path):
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        layers = config["config"]["layers"]
        assert layers[0]["class_name"] == "InputLayer"
        shape = layers.pop(0)["config"]["batch_input_shape"]
        layers[0]["config"]["batch_input_shape"] = shape
        del file.attrs["model_config"]
        file.attrs["model_config"] = json.dumps(config)


def randomize(model):
    rng = np.random.RandomState(5)
    for weight in model.weights:
        name = weight.name.split("/")[-1]
        shape = tuple(weight.shape)
        if "variance" in name:
            value = rng.uniform(0.5, 1.5, shape)
        elif "gamma" in name:
            value = rng.uniform(0.6, 1.4, shape)
        elif "kernel" in name:
            value = rng.randn(*shape) * np.sqrt(2 / max(1, np.prod(shape[:-1])))
        elif "alpha" in name:
            value = rng.uniform(0, 0.5, shape)
        else:
            value = rng.randn(*shape) * 0.2
        weight.assign(value.astype("float32"))


def save(make):
    keras.backend.clear_session()
    model, layer = make()
    randomize(model)
    name = "layers_" + make.__name__
    shape = [size or 21 + 2 * i for i, size in enumerate(model.input_shape[1:])]
    x = np.random.RandomState(3).uniform(-2, 2, [2] + shape).astype("float32")
    activation, y = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])(x, training=False)
    folder = os.path.join(ROOT, "models", name)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "k2.h5")
    model.save(path, include_optimizer=False)
    if make is sequential:
        without_input_layer(path)
    golden = os.path.join(ROOT, "golden", name + ".k2.")
    for key, value in (("x", x), ("y", y), ("act", activation)):
        np.asarray(value).astype("<f4").tofile(golden + key + ".bin")
    with open(golden + "json", "w") as file:
        json.dump({"name": name, "act": layer, "x": list(x.shape), "y": list(y.shape), "a": list(activation.shape)}, file)


for make in (activations, merges, keepdims, reshapes, open_size, sequential):
    save(make)
