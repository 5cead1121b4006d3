"""keras_old.py: models as earlier versions of Keras wrote them, and what Keras computes.

Needs TensorFlow 2.21, tf_keras 2.21 and h5py; run in this folder. Each model is built in Keras 2, which computes the values, and then
written as the earlier version did, after its source code: keras 1.2.2 (models.py, engine/topology.py), keras 2.2.2 (the same; nested
sequential models are bare lists), TensorFlow 1.13 and 2.3 (keras/saving/hdf5_format.py, keras/engine/base_layer.py). Writes to
../resources/keras: models/old_NAME/k2.h5 and golden/old_NAME.k2.{json,x.bin,y.bin,act.bin} (little-endian float32, NHWC).
user_block is a file of Keras 2 with 1,024 bytes before the HDF5 content, in the latest format of HDF5.
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import h5py
import numpy as np
import tensorflow as tf
import tf_keras as keras

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")


def layer(class_name, name, **config):
    return {"class_name": class_name, "config": {"name": name, "trainable": True, **config}}


def called(class_name, name, inputs, **config):
    return {**layer(class_name, name, **config), "name": name, "inbound_nodes": [[[i, 0, 0] for i in inputs]] if inputs else []}


def keras1():
    """A functional model with every renamed setting."""
    image = keras.Input((9, 8, 3), name="image")
    x = L.ZeroPadding2D(((1, 2), (0, 1)), name="pad")(image)
    a = L.Conv2D(4, (3, 2), strides=(2, 1), padding="same", activation="relu", name="conv")(x)
    a = L.BatchNormalization(epsilon=1e-5, name="bn")(a)
    a = L.PReLU(shared_axes=[1, 2], name="prelu")(a)
    b = L.Conv2D(4, 3, dilation_rate=2, padding="same", use_bias=False, name="atrous")(a)
    c = L.SeparableConv2D(4, 3, padding="same", depth_multiplier=2, name="separable")(a)
    x = L.Concatenate(axis=-1, name="concat")([L.Add(name="sum")([a, b]), c])
    x = L.MaxPooling2D((2, 2), strides=(2, 2), padding="valid", name="max")(x)
    x = L.Dropout(0.3, name="dropout")(L.GlobalAveragePooling2D(name="gap")(x))
    model = keras.Model(image, L.Dense(5, activation="softmax", name="classes")(x))
    tf_order = {"dim_ordering": "tf"}
    config = {"class_name": "Model", "config": {"name": "model_1", "layers": [
        called("InputLayer", "image", [], batch_input_shape=[None, 9, 8, 3], input_dtype="float32", sparse=False),
        called("ZeroPadding2D", "pad", ["image"], padding=[1, 2, 0, 1], **tf_order),
        called("Convolution2D", "conv", ["pad"], nb_filter=4, nb_row=3, nb_col=2, subsample=[2, 1], border_mode="same",
               activation="relu", bias=True, **tf_order),
        called("BatchNormalization", "bn", ["conv"], mode=0, axis=-1, epsilon=1e-5, momentum=0.99),
        called("PReLU", "prelu", ["bn"], init="zero", shared_axes=[1, 2]),
        called("AtrousConvolution2D", "atrous", ["prelu"], nb_filter=4, nb_row=3, nb_col=3, subsample=[1, 1],
               border_mode="same", activation="linear", bias=False, atrous_rate=[2, 2], **tf_order),
        called("SeparableConvolution2D", "separable", ["prelu"], nb_filter=4, nb_row=3, nb_col=3, subsample=[1, 1],
               border_mode="same", activation="linear", bias=True, depth_multiplier=2, **tf_order),
        called("Merge", "sum", ["prelu", "atrous"], mode="sum", mode_type="raw", concat_axis=-1, dot_axes=-1),
        called("Merge", "concat", ["sum", "separable"], mode="concat", mode_type="raw", concat_axis=-1, dot_axes=-1),
        called("MaxPooling2D", "max", ["concat"], pool_size=[2, 2], strides=[2, 2], border_mode="valid", **tf_order),
        called("GlobalAveragePooling2D", "gap", ["max"], **tf_order),
        called("Dropout", "dropout", ["gap"], p=0.3),
        called("Dense", "classes", ["dropout"], output_dim=5, activation="softmax", bias=True, input_dim=8),
    ], "input_layers": [["image", 0, 0]], "output_layers": [["classes", 0, 0]]}}
    early = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std", "alpha": "alphas"}
    return model, "concat", config, "1.2.2", lambda name, weight: f"{name}_{early.get(weight, weight)}:0"


def keras222():
    """Sequential models as bare lists in one another, without names or an input layer."""
    inner = keras.Sequential([L.Conv2D(4, 3, activation="relu", name="conv_in")], name="sequential_2")
    middle = keras.Sequential([inner, L.Conv2D(4, 3, name="conv_mid")], name="sequential_7")
    model = keras.Sequential([
        keras.Input((9, 8, 3), name="image"), middle, L.GlobalAveragePooling2D(name="gap"),
        L.Dense(5, activation="softmax", name="classes")])
    conv = {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "data_format": "channels_last"}
    config = {"class_name": "Sequential", "config": [
        {"class_name": "Sequential", "config": [
            {"class_name": "Sequential", "config": [
                layer("Conv2D", "conv_in", batch_input_shape=[None, 9, 8, 3], activation="relu", **conv)]},
            layer("Conv2D", "conv_mid", activation="linear", **conv)]},
        layer("GlobalAveragePooling2D", "gap", data_format="channels_last"),
        layer("Dense", "classes", units=5, activation="softmax")]}
    return model, "conv_mid", config, "2.2.2", None


def tf113():
    """TensorFlow 1.13's name of batch normalization, and that of the distributed one."""
    model = keras.Sequential([
        keras.Input((9, 8, 3), name="image"), L.Conv2D(4, 3, name="conv"), L.BatchNormalization(name="bn"),
        L.BatchNormalization(name="synchronized"), L.GlobalAveragePooling2D(name="gap"), L.Dense(5, name="classes")])
    config = json.loads(model.to_json())
    config["config"]["layers"][2]["class_name"] = "BatchNormalizationV1"
    config["config"]["layers"][3]["class_name"] = "SyncBatchNormalization"
    return model, "synchronized", config, "2.2.4-tf", None


def tf23():
    """Functions of TensorFlow between layers as operations of its graph."""
    image = keras.Input((9, 8, 3), name="image")
    x = tf.math.subtract(tf.math.truediv(image, 2.0), [0.1, 0.2, 0.3])
    x = tf.math.subtract(1.0, x)
    x = L.Conv2D(4, 3, name="conv")(x)
    x = tf.concat([tf.nn.relu6(x), tf.nn.leaky_relu(x, 0.1)], -1)
    x = L.Conv2D(4, 1, activation="relu", name="last")(x)
    x = tf.reshape(tf.reduce_mean(x, [1, 2], keepdims=True), [-1, 4])
    model = keras.Model(image, L.Dense(5, name="classes")(x))
    layers = {layer["config"]["name"]: layer for layer in json.loads(model.to_json())["config"]["layers"]}

    def operation(name, op, inputs, constants, **attributes):
        node = {"name": name, "op": op, "attr": {"T": {"type": "DT_FLOAT"}, **attributes}}
        return {
            "class_name": "TensorFlowOpLayer", "name": "tf_op_layer_" + name, "config": {
                "name": name, "trainable": True, "dtype": "float32", "node_def": node, "constants": constants},
            "inbound_nodes": [[[i, 0, 0, {}] for i in inputs]]}

    def after(name, source):
        return {**layers[name], "inbound_nodes": [[[source, 0, 0, {}]]]}

    config = {"class_name": "Functional", "config": {"name": "functional_1", "layers": [
        layers["image"],
        operation("RealDiv", "RealDiv", ["image"], {"1": 2.0}),
        operation("Sub", "Sub", ["tf_op_layer_RealDiv"], {"1": [0.1, 0.2, 0.3]}),
        operation("Sub_1", "Sub", ["tf_op_layer_Sub"], {"0": 1.0}),
        after("conv", "tf_op_layer_Sub_1"),
        operation("Relu6", "Relu6", ["conv"], {}),
        operation("LeakyRelu", "LeakyRelu", ["conv"], {}, alpha={"f": 0.1}),
        operation("concat", "ConcatV2", ["tf_op_layer_Relu6", "tf_op_layer_LeakyRelu"], {"2": -1}, N={"i": "2"}),
        after("last", "tf_op_layer_concat"),
        operation("Mean", "Mean", ["last"], {"1": [1, 2]}, keep_dims={"b": True}),
        operation("Reshape", "Reshape", ["tf_op_layer_Mean"], {"1": [-1, 4]}),
        after("classes", "tf_op_layer_Reshape"),
    ], "input_layers": [["image", 0, 0]], "output_layers": [["classes", 0, 0]]}}
    return model, "last", config, "2.4.0", None


def user_block():
    model = keras.Sequential([
        keras.Input((9, 8, 3), name="image"), L.Conv2D(4, 3, name="conv"), L.GlobalAveragePooling2D(name="gap"),
        L.Dense(5, name="classes")])
    return model, "conv", json.loads(model.to_json()), "2.21.0", None


def randomize(model):
    random = np.random.RandomState(7)
    for weight in model.weights:
        low = 0.5 if "variance" in weight.name else -1
        weight.assign(random.uniform(low, 1, weight.shape).astype("float32"))


def save(make):
    keras.backend.clear_session()
    model, activation, config, version, named = make()
    randomize(model)
    name = "old_" + make.__name__
    x = np.random.RandomState(3).uniform(-1, 1, [2] + list(model.input_shape[1:])).astype("float32")
    try:
        inner = model.get_layer(activation).output
    except ValueError:
        inner = model.get_layer("gap").input
    a, y = keras.Model(model.input, [inner, model.output])(x, training=False)
    folder = os.path.join(ROOT, "models", name)
    os.makedirs(folder, exist_ok=True)
    options = {"userblock_size": 1024, "libver": "latest"} if make is user_block else {}
    with h5py.File(os.path.join(folder, "k2.h5"), "w", **options) as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        file.attrs["keras_version"] = version.encode()
        weights = file.create_group("model_weights")
        layers = [layer for layer in model.layers if not layer.name.startswith("tf.")]
        weights.attrs["layer_names"] = np.array([layer.name.encode() for layer in layers])
        for layer in layers:
            group = weights.create_group(layer.name)
            names = []
            for weight in layer.weights:
                path = named(layer.name, weight.name.split("/")[-1].split(":")[0]) if named else weight.name
                names.append(path.encode())
                group[path] = weight.numpy()
            group.attrs["weight_names"] = np.array(names)
    golden = os.path.join(ROOT, "golden", name + ".k2.")
    for key, value in (("x", x), ("y", y), ("act", a)):
        np.asarray(value).astype("<f4").tofile(golden + key + ".bin")
    with open(golden + "json", "w") as out:
        json.dump({"name": name, "act": activation, "x": x.shape, "y": list(y.shape), "a": list(a.shape)}, out)
    print(name, os.path.getsize(os.path.join(folder, "k2.h5")))


for make in (keras1, keras222, tf113, tf23, user_block):
    save(make)
