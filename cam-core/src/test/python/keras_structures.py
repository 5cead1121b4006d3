"""keras_structures.py k2|k3: small models of every structure that cam4j reads, in every format, and what Keras computes.

k2 needs TensorFlow 2.17 and tf_keras 2.17, k3 TensorFlow 2.17 and keras 3.15. Run in this folder, k2 first; writes to
../resources/keras: models/NAME/{k2.h5, k2.keras | k3.h5, k3.keras} and golden/NAME.{k2,k3}.{json,y.bin,act.bin} and
golden/NAME.k2.x.bin (little-endian float32, NHWC; the input is the same for both). In the JSON, "act" is the layer whose output
is in act.bin.

nested_vgg is VGG19's base with a thirty-second of the channels, nested in a sequential model with global average pooling,
dropout, a dense layer without activation and a softmax layer; flat_vgg has the base's layers themselves. Models of half precision are
computed in float32 with the weights that are in their files. flat_vgg's recipe.*
files are the map of a popular recipe: model.layers[-6].get_output_at(1) times the kernel of model.layers[-2].
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
KERAS = sys.argv[1]
import h5py
import numpy as np

if KERAS == "k2":
    import tf_keras as keras
else:
    import keras

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")


def vgg(size, last_pool):
    image = x = keras.Input((size, size, 3), name="image")
    for block, (convolutions, channels) in enumerate([(2, 2), (2, 4), (4, 8), (4, 16), (4, 16)], 1):
        for c in range(1, convolutions + 1):
            x = L.Conv2D(channels, 3, padding="same", activation="relu", name=f"block{block}_conv{c}")(x)
        if block < 5 or last_pool:
            x = L.MaxPooling2D(2, 2, name=f"block{block}_pool")(x)
    return keras.Model(image, x, name="vgg19")


def nested_vgg():
    model = keras.Sequential([
        keras.Input((64, 64, 3)), vgg(64, False), L.GlobalAveragePooling2D(name="gap"), L.Dropout(0.5, name="drop"),
        L.Dense(7, name="scores"), L.Activation("softmax", name="softmax")])
    return model, "block5_conv4", 0


def flat_vgg():
    base = vgg(64, True)
    model = keras.Sequential(base.layers + [
        L.GlobalAveragePooling2D(name="gap"), L.Dropout(0.5, name="drop"), L.Dense(7, name="scores"),
        L.Activation("softmax", name="softmax")])
    return model, "block5_conv4", -6


def features(name="features"):
    image = keras.Input((16, 16, 3), name="inner_image")
    x = L.Conv2D(4, 3, padding="same", activation="relu", name="conv")(image)
    x = L.BatchNormalization(name="bn")(x)
    return keras.Model(image, L.Conv2D(6, 3, strides=2, activation="relu", name="last")(x), name=name)


def nested_twice():
    """A model and a layer that are each called twice, once as in inference."""
    image = keras.Input((16, 16, 3), name="image")
    shared = L.Conv2D(3, 3, padding="same", name="shared")
    base = features()
    x = L.Concatenate(name="both")([base(image), base(shared(shared(image)), training=False)])
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(5, activation="softmax", name="pred")(x)), "both", None


def nested_deep():
    """Sequential in functional in sequential, the innermost built when it is called, names that are there twice."""
    inner = keras.Sequential([L.Conv2D(3, 3, padding="same", name="conv_a"), L.BatchNormalization(name="bn_a")], name="inner")
    image = keras.Input((16, 16, 3), name="middle_image")
    middle = keras.Model(image, features()(inner(image), training=False), name="middle")
    model = keras.Sequential([
        keras.Input((16, 16, 3)), L.RandomFlip(name="flip"), middle, L.GlobalAveragePooling2D(name="gap"),
        L.Dense(5, activation="softmax", name="pred")])
    return model, "last", 1


def heads():
    """Two outputs, of which one is behind dropout and one is no classifier."""
    image = keras.Input((16, 16, 3), name="image")
    x = features()(image)
    y = L.GlobalAveragePooling2D(name="gap")(x)
    species = L.Dense(5, activation="softmax", name="species")(y)
    box = L.Dropout(0.1, name="box")(L.Dense(4, name="box_dense")(L.Flatten(name="flat")(x)))
    return keras.Model(image, [species, box]), "last", None


def open_size():
    """Rows and columns of any number."""
    image = keras.Input((None, None, 3), name="image")
    x = L.Conv2D(4, 3, strides=2, activation="relu", name="first")(image)
    x = L.Conv2D(6, 3, padding="same", activation="relu", name="last")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(5, activation="softmax", name="pred")(x)), "last", None


def grey_wide():
    image = keras.Input((12, 22, 1), name="image")
    x = L.Conv2D(4, 3, activation="relu", name="last")(image)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(1, activation="sigmoid", name="pred")(x)), "last", None


def with_policy(name):
    keras.mixed_precision.set_global_policy(name)
    try:
        return grey_wide()
    finally:
        keras.mixed_precision.set_global_policy("float32")


def mixed_bfloat16():
    return with_policy("mixed_bfloat16")


def bfloat16():
    return with_policy("bfloat16")


def randomize(model):
    random = np.random.RandomState(11)
    for weight in model.weights:
        name = (weight.path if KERAS == "k3" else weight.name).split("/")[-1].split(":")[0]
        shape = tuple(weight.shape)
        if name in ("gamma", "moving_variance"):
            value = random.uniform(0.5, 1.5, shape)
        elif name == "kernel":
            value = random.randn(*shape) * np.sqrt(2 / np.prod(shape[:-1]))
        elif name in ("bias", "beta", "moving_mean"):
            value = random.randn(*shape) * 0.1
        else:
            continue
        weight.assign(value.astype("float32"))


def outputs(model, activation, where, x):
    """The first output and the activation; of a sequential model, what comes out of its layer number "where"."""
    if where is None:
        try:
            inner = model.get_layer(activation).output
        except ValueError:
            inner = model.get_layer("gap").input
        first = model.outputs[0]
        return [np.asarray(value).astype("float32") for value in keras.Model(model.inputs, [inner, first])(x)]
    value = x
    for position, layer in enumerate(model.layers):
        value = layer(value, training=False) if layer.__class__.__name__ != "Activation" else layer(value)
        if position == where % len(model.layers):
            inner = np.asarray(value)
    return inner, np.asarray(value)


def write(name, kind, value):
    np.asarray(value, "<f4").tofile(os.path.join(ROOT, "golden", f"{name}.{kind}.bin"))


for model_of in (nested_vgg, flat_vgg, nested_twice, nested_deep, heads, open_size, grey_wide, mixed_bfloat16, bfloat16):
    name = model_of.__name__
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    model, activation, where = model_of()
    randomize(model)
    exact = model
    if "bfloat16" in name:
        if name == "bfloat16" and KERAS == "k2":  # Keras 2 can save it, but not read it again
            continue
        exact, _, _ = grey_wide()
        exact.set_weights([np.asarray(value).astype("float32") for value in model.get_weights()])
    size = [side or 20 for side in (model.inputs[0].shape if where is None else model.input_shape)[1:]]
    x = np.random.RandomState(5).uniform(-1, 1, [2] + size).astype("float32")
    inner, y = outputs(exact, activation, where, x)
    folder = os.path.join(ROOT, "models", name)
    os.makedirs(folder, exist_ok=True)
    for format in ("keras",) if name == "bfloat16" else ("h5", "keras"):
        model.save(os.path.join(folder, f"{KERAS}.{format}"))
    if name == "bfloat16":
        model.save_weights(os.path.join(folder, "k3.weights.h5"))
    if KERAS == "k2" or name == "bfloat16":
        write(name, "k2.x", x)
    write(name, KERAS + ".y", y)
    write(name, KERAS + ".act", inner)
    with open(os.path.join(ROOT, "golden", f"{name}.{KERAS}.json"), "w") as out:
        json.dump({"name": name, "act": activation, "x": x.shape, "y": y.shape, "a": inner.shape}, out)
    if name == "flat_vgg" and KERAS == "k2":
        recipe = keras.Model(model.input, model.layers[-6].get_output_at(1))(x)
        write(name, "recipe", np.dot(recipe, model.layers[-2].get_weights()[0]))
    print(name, KERAS, inner.shape, y.shape, y[0].round(3))
    if name == "flat_vgg":
        model.save_weights(os.path.join(folder, KERAS + ".weights.h5"))
    if name == "flat_vgg" and KERAS == "k2":
        model.save_weights(os.path.join(folder, "k2.named.h5"), save_format="h5")
        # The published weights of VGG16 and VGG19 are of Keras 1, converted.
        with h5py.File(os.path.join(folder, "k1.named.h5"), "w") as file:
            for layer in model.layers:
                group = file.create_group(layer.name)
                names = [f"{layer.name}_{letter}_1:0" for letter in "Wb"[:len(layer.get_weights())]]
                group.attrs["weight_names"] = np.array(names, "S") if names else np.zeros(0)
                for weight, value in zip(names, layer.get_weights()):
                    group[weight] = value
            file.attrs["layer_names"] = np.array([layer.name for layer in model.layers], "S")
