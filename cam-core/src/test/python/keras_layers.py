"""keras_layers.py k2|k3 [NAME ...]: small models that between them use every layer that cam4j reads, and what Keras computes.

k2 needs TensorFlow 2.17, tf_keras 2.17 and h5py, k3 TensorFlow 2.17 and keras 3.15 (unit_lengths and the models from
layer_activations to odd_names: TensorFlow 2.21 and tf_keras 2.21); k2 first. Without names, all models of that
version. Writes to ../resources/keras: models/NAME/{k2.h5 | k3.h5, k3.keras}, golden/NAME.{k2,k3}.{json,y.bin,act.bin} and
golden/NAME.k2.x.bin (little-endian float32, NHWC; the input is the same for both).
"""

import json
import os
import sys
import types
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

KERAS = sys.argv[1]
import h5py
import numpy as np
import tensorflow as tf

if KERAS == "k2":
    import tf_keras as keras
    from tf_keras.src.applications.convnext import LayerScale, StochasticDepth
    from tf_keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    F = types.SimpleNamespace(
        concatenate=tf.concat, mean=tf.reduce_mean, max=tf.reduce_max, resize=tf.image.resize, transpose=tf.transpose,
        squeeze=tf.squeeze, reshape=tf.reshape, cast=tf.cast, cumsum=tf.math.cumsum, maximum=tf.maximum, exp=tf.exp,
        sigmoid=tf.sigmoid, tanh=tf.tanh, relu=tf.nn.relu, relu6=tf.nn.relu6, elu=tf.nn.elu, selu=tf.nn.selu,
        silu=tf.nn.silu, gelu=tf.nn.gelu, leaky_relu=tf.nn.leaky_relu, softplus=tf.nn.softplus, softmax=tf.nn.softmax,
        sum=tf.reduce_sum, min=tf.reduce_min, minimum=tf.minimum, clip=tf.clip_by_value, pad=tf.pad, stack=tf.stack,
        expand_dims=tf.expand_dims, unstack=tf.unstack, split=tf.split, normalize=tf.math.l2_normalize)
    NEAREST = {"method": "nearest"}
else:
    import keras
    from keras.src.applications.convnext import LayerScale, StochasticDepth
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    F = types.SimpleNamespace(**{**vars(keras.ops), "resize": keras.ops.image.resize})
    NEAREST = {"interpolation": "nearest"}

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


def gates():
    """Maps and vectors of different shape together: squeeze-and-excite in all its spellings."""
    image = keras.Input((6, 5, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", name="conv")(image)
    squeezed = L.GlobalAveragePooling2D(name="squeeze")(x)
    gate = L.Reshape((1, 1, 4), name="reshape")(squeezed)
    gate = L.Conv2D(3, 1, activation="swish", name="reduce")(gate)
    gate = L.Conv2D(4, 1, activation="sigmoid", name="expand")(gate)
    kept = L.GlobalMaxPooling2D(keepdims=True, name="kept")(x)
    hard = L.Conv2D(4, 1, name="hard_conv")(kept)
    hard = F.relu6(hard + 3.0) * (1.0 / 6.0)
    column = L.AveragePooling2D((1, 5), name="column")(x)
    point = L.AveragePooling2D((6, 5), name="point")(x)
    layers = [
        L.Multiply(name="multiply_layer")([x, gate]),
        L.Multiply(name="multiply_first")([gate, x]),
        L.Multiply(name="multiply_kept")([x, hard]),
        L.Multiply(name="multiply_three")([x, gate, column]),
        L.Add(name="add_layer")([x, kept]),
        L.Subtract(name="subtract_layer")([kept, x]),
        L.Maximum(name="maximum_layer")([x, point]),
        L.Minimum(name="minimum_layer")([x, column]),
        L.Minimum(name="minimum_equal")([x, x]),
        x * gate,
        x + kept,
    ]
    x = L.Concatenate(name="joined")(layers)
    x = L.Conv2D(4, 1, activation="relu", name="last")(x)
    x = L.Dropout(0.2, name="dropout")(L.GlobalAveragePooling2D(name="gap")(x))
    return keras.Model(image, L.Dense(5, activation="softmax", name="classes")(x)), "joined"


def more_activations():
    """Activations that are younger than DL4J's, and softmax along the channels of a map."""
    image = keras.Input((5, 4, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", name="conv")(image) * 3.0
    names = ["gelu", "mish", "exponential", "relu6", "silu", "leaky_relu", "softmax"]
    names += ["hard_silu", "hard_sigmoid", "elu", "selu"] if KERAS == "k3" else []
    branches = [L.Activation(name, name="function_" + name)(x) for name in names]
    branches += [L.Conv2D(2, 1, activation=name, name="conv_" + name)(x) for name in ["gelu", "mish", "leaky_relu"]]
    branches += [F.hard_sigmoid(x), F.hard_silu(x)] if KERAS == "k3" else []
    branches += [
        L.Softmax(name="layer_softmax")(x),
        F.gelu(x, approximate=True),
        F.gelu(x, approximate=False),
        F.leaky_relu(x, 0.15),
        F.relu(x),
        F.sigmoid(x),
        F.tanh(x),
        F.elu(x),
        F.selu(x),
        F.softplus(x),
        F.softmax(x),
        F.exp(x),
        F.maximum(x, 0.0),
    ]
    x = L.Concatenate(name="joined")(branches)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, name="logits")(x)), "joined"


def normalizations():
    """Constants and trained factors for each channel."""
    image = keras.Input((6, 5, 3), name="image")
    x = L.Rescaling(1 / 127.5, offset=-1.0, name="rescaling")(image)
    x = L.Rescaling([0.5, 2.0, 3.0], offset=[0.1, -0.2, 0.3], name="rescaling_each")(x)
    x = L.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.04, 0.05, 0.09], name="normalization_given")(x)
    x = L.Normalization(name="normalization_adapted")(x)
    x = L.Conv2D(6, 3, padding="same", name="conv")(x)
    a = L.LayerNormalization(epsilon=1e-6, name="layer_norm")(x)
    b = L.LayerNormalization(scale=False, name="layer_norm_shift")(x)
    c = L.LayerNormalization(center=False, name="layer_norm_scale")(x)
    d = L.LayerNormalization(center=False, scale=False, name="layer_norm_plain")(x)
    e = LayerScale(0.5, 6, name="layer_scale")(x)
    e = StochasticDepth(0.3, name="stochastic_depth")(e)
    f = CustomScaleLayer(0.17, name="scaled_sum")([x, a])
    g = L.Dense(8, activation="gelu", name="dense_on_map")(a)
    x = L.Concatenate(name="joined")([a, b, c, d, e, f, g])
    x = L.GlobalAveragePooling2D(name="gap")(x)
    x = L.LayerNormalization(name="layer_norm_vector")(x)
    return keras.Model(image, L.Dense(4, name="logits")(x)), "joined"


def convolutions():
    """Groups, groups of one channel, and transposed convolutions."""
    image = keras.Input((9, 8, 4), name="image")
    maps = [
        L.Conv2D(6, 3, groups=2, padding="same", activation="relu", name="groups")(image),
        L.Conv2D(8, (3, 2), groups=4, strides=2, padding="same", name="groups_stride")(image),
        L.Conv2D(4, (2, 3), groups=2, strides=(2, 1), use_bias=False, name="groups_valid")(image),
        L.Conv2D(4, 3, groups=2, dilation_rate=2, name="groups_dilation")(image),
        L.Conv2D(4, 5, groups=4, padding="same", name="depthwise")(image),
        L.Conv2D(8, 3, groups=4, padding="same", strides=2, use_bias=False, name="depthwise_multiplier")(image),
        L.Conv2DTranspose(3, 3, strides=2, padding="same", name="transposed")(image),
        L.Conv2DTranspose(3, (4, 3), strides=(2, 3), activation="relu", name="transposed_valid")(image),
        L.Conv2DTranspose(2, 2, strides=3, use_bias=False, name="transposed_gaps")(image),
        L.Conv2DTranspose(2, 3, padding="same", name="transposed_one")(image),
        L.Conv2DTranspose(2, 2, strides=2, padding="same", name="transposed_two")(image),
    ]
    x = L.Concatenate(name="pooled")([L.GlobalAveragePooling2D()(x) for x in maps] + [L.Flatten()(x) for x in maps])
    return keras.Model(image, L.Dense(4, name="logits")(x)), "pooled"


def sizes():
    """Maps brought to another size or order."""
    image = keras.Input((9, 8, 3), name="image")
    maps = [
        L.Resizing(7, 5, name="smaller")(image),
        L.Resizing(20, 11, name="larger")(image),
        L.Resizing(6, 12, interpolation="nearest", name="nearest")(image),
        L.CenterCrop(6, 5, name="crop")(image),
        L.UpSampling2D((2, 3), interpolation="bilinear", name="up")(image),
        L.Permute((2, 1, 3), name="columns_first")(image),
        L.Permute((3, 1, 2), name="channels_first")(image),
    ]
    x = L.Concatenate(name="flat")([L.Flatten()(x) for x in maps])
    y = L.Conv2D(4, 3, name="conv")(L.RandomZoom(0.2, name="zoom")(maps[1]))
    x = L.Concatenate(name="joined")([x, L.GlobalAveragePooling2D(name="gap")(y)])
    return keras.Model(image, L.Dense(4, name="logits")(x)), "flat"


def preprocessing():
    """preprocess_input of the three kinds, written into the model."""
    image = keras.Input((8, 7, 3), name="image")
    A = keras.applications
    maps = [A.vgg19.preprocess_input(image), A.mobilenet.preprocess_input(image), A.densenet.preprocess_input(image)]
    x = L.Concatenate(name="joined")([maps[0] / 100.0, maps[1], maps[2]])
    x = L.Conv2D(5, 3, activation="relu", name="last")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "last"


def preprocessing_lambdas():
    """preprocess_input as a Lambda. Keras 2 keeps the function's module, Keras 3 only its name."""
    image = keras.Input((8, 7, 3), name="image")
    A = keras.applications
    functions = {
        "vgg": A.vgg19.preprocess_input, "mobilenet": A.mobilenet_v2.preprocess_input,
        "densenet": A.densenet.preprocess_input, "efficientnet": A.efficientnet.preprocess_input}
    maps = {name: L.Lambda(f, output_shape=(8, 7, 3), name=name)(image) for name, f in functions.items()}
    chosen = L.Lambda(
        A.imagenet_utils.preprocess_input, output_shape=(8, 7, 3), arguments={"mode": "torch"}, name="chosen")(image)
    x = L.Concatenate(name="joined")([
        maps["vgg"] / 100.0, maps["mobilenet"], maps["densenet"], maps["efficientnet"] / 255.0, chosen])
    x = L.Conv2D(5, 3, activation="relu", name="last")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "last"


def operations():
    """Functions of TensorFlow between layers, and the mean over rows and columns as a pooling."""
    image = keras.Input((8, 7, 3), name="image")
    x = F.cast(1.0 - image / np.array([1.0, 2.0, 3.0], "float32"), "float32")
    x = -x * np.array([1.0, 0.5, 2.0], "float32") + 0.25
    x = L.Conv2D(4, 3, padding="same", name="conv")(x)
    x = F.concatenate([x, F.silu(x), F.maximum(x, x[..., ::-1]), x - 2.0 * x], axis=-1)
    x = F.resize(x, (6, 6))
    x = F.resize(x, (5, 9), **NEAREST)
    x = F.transpose(x, [0, 2, 1, 3])
    x = L.Conv2D(6, 3, activation="relu", name="last")(x)
    a = F.mean(x, axis=[1, 2])
    b = F.squeeze(F.mean(x, (-3, -2), keepdims=True), [1, 2])
    c = F.reshape(F.max(x, axis=(1, 2), keepdims=True), [-1, 6])
    y = L.Dense(4, name="classes")(L.Add(name="sum")([a, b, c]))
    return keras.Model(image, F.softmax(y)), "last"


def pieces():
    """Pieces of maps and vectors, new axes, zeros around a map, and bounds."""
    image = keras.Input((8, 5, 3), name="image")
    x = L.Conv2D(12, 3, padding="same", name="conv")(image)
    halves = F.split(x, 2, axis=-1)
    thirds = F.split(x, [2, 7, 3] if KERAS == "k2" else [2, 9], axis=3)
    rows = F.split(x, 4, axis=1)
    planes = F.unstack(x, axis=3)
    vector = L.GlobalAveragePooling2D(name="vector")(x)
    single = F.expand_dims(x[..., 3], axis=-1)
    maps = [
        halves[0] - halves[1][..., :6],
        thirds[1],
        F.concatenate([thirds[2], thirds[0]], axis=-1),
        x[:, :, :, -5:-1],
        x[..., 4:5] * single,
        F.expand_dims(planes[5], -1),
        F.clip(x, -0.5, 0.75),
        F.minimum(x, 0.4),
        F.maximum(x, -0.3),
        x * vector[:, None, None, :],
        F.expand_dims(F.expand_dims(vector[:, 2:5], 1), 1) * x[..., :3],
        x[..., 1:] - F.expand_dims(F.squeeze(F.mean(x[:, :, :, 1:], axis=1, keepdims=True), 1), 1),
    ]
    y = F.pad(x[:, 1:-2, 2:, :], [[0, 0], [1, 2], [2, 0], [0, 0]])
    z = F.pad(F.concatenate([rows[3], rows[1]], axis=3), [[0, 0], [0, 6], [0, 0], [0, 0]])
    x = L.Concatenate(name="joined")(maps + [y, z])
    x = L.Conv2D(6, 1, activation="relu", name="last")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "joined"


def reductions():
    """Means, sums, maxima and minima along each axis, and sequences of cells."""
    image = keras.Input((6, 5, 3), name="image")
    x = L.Conv2D(6, 3, padding="same", name="conv")(image)
    attended = L.Conv2D(1, 3, padding="same", activation="sigmoid", name="attention")(
        L.Concatenate(name="statistics")([F.mean(x, axis=3, keepdims=True), F.max(x, axis=-1, keepdims=True)]))
    row = F.mean(x, axis=1)
    cells = L.Reshape((-1, 6), name="cells")(x)
    turned = L.Permute((2, 1), name="turned")(cells)
    maps = [
        x * attended,
        x - F.max(x, axis=1, keepdims=True),
        x - F.mean(x, axis=-2, keepdims=True),
        x * F.sum(x, axis=-1, keepdims=True),
        x - F.min(x, axis=3, keepdims=True),
        x + F.expand_dims(row, 1),
        x + F.expand_dims(F.max(x, axis=3), -1),
        x + F.mean(x, axis=[1, 2, 3], keepdims=True),
        x * F.sum(x, axis=[1, 2], keepdims=True),
        L.Reshape((6, 5, 6), name="back")(L.Permute((2, 1), name="twice")(turned)),
        L.Reshape((6, 5, 6), name="normal")(L.LayerNormalization(name="norm")(cells)),
        L.Reshape((6, 5, 5), name="dense")(L.Dense(5, activation="relu", name="each")(cells)),
        L.Softmax(name="weights")(x),
        L.Permute((2, 1, 3), name="columns")(L.Permute((2, 1, 3), name="rows")(x)),
    ]
    vectors = [
        F.mean(row, axis=1),
        F.max(F.max(x, axis=2, keepdims=True), axis=[1, 2]),
        F.sum(F.sum(x, axis=-2), axis=-2) / 30.0,
        F.min(x, axis=(1, 2)),
        F.mean(turned, axis=-1),
        L.GlobalMaxPooling1D(name="largest")(cells),
        L.GlobalAveragePooling1D(name="average")(L.Dropout(0.2, name="dropout")(cells)),
    ]
    gates = [x * L.Reshape((1, 1, 6))(vector) for vector in vectors]
    x = L.Concatenate(name="joined")(maps + gates)
    x = L.Conv2D(6, 1, activation="relu", name="last")(x)
    x = L.GlobalAveragePooling1D(name="gap")(L.Reshape((-1, 6), name="row_of_cells")(x))
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "joined"


def group_normalizations():
    """Groups of all channels, of some, and of each."""
    image = keras.Input((4, 3, 3), name="image")
    x = L.Conv2D(12, 3, padding="same", name="conv")(image)
    maps = [
        L.GroupNormalization(4, name="some")(x),
        L.GroupNormalization(1, epsilon=1e-5, name="one")(x),
        L.GroupNormalization(-1, name="each")(x),
        L.GroupNormalization(3, center=False, name="uncentered")(x),
        L.GroupNormalization(6, scale=False, name="unscaled")(x),
    ]
    x = L.Concatenate(name="joined")(maps)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "joined"


def unit_lengths():
    """Vectors of length 1, of cells and of a pooled map, and quotients of maps, vectors and pooled maps."""
    image = keras.Input((6, 5, 3), name="image")
    a = L.Conv2D(4, 3, name="a")(image)
    mask = L.Conv2D(1, 3, activation="sigmoid", name="mask")(image)
    b = L.Conv2D(4, 3, activation="softplus", name="b")(image)
    unit = L.UnitNormalization(name="unit")(a)
    rows = L.GlobalAveragePooling2D(keepdims=True, name="rows")(b)
    joined = L.Concatenate(name="joined")([unit, a / b, a / (mask + 1.0), a / rows, F.normalize(b, axis=-1)])
    weighted = L.GlobalAveragePooling2D(name="weighted")(L.Multiply(name="masked")([a, mask])) / L.GlobalAveragePooling2D(name="weights")(mask)
    lengths = L.Concatenate(name="lengths")([L.UnitNormalization(name="direction")(weighted), F.normalize(weighted, axis=1)])
    gate = L.Dense(20, activation="sigmoid", name="gate")(lengths)
    x = L.GlobalAveragePooling2D(name="gap")(L.Multiply(name="gated")([joined, L.Reshape((1, 1, 20), name="point")(gate)]))
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "joined"


def mean_head():
    """A head whose pooling is a function, with squeeze-and-excite before it."""
    image = keras.Input((8, 7, 3), name="image")
    x = L.Conv2D(6, 3, activation="relu", name="conv")(image / 255.0)
    x = x * L.Dense(6, activation="sigmoid", name="gate")(F.mean(x, axis=[1, 2], keepdims=True))
    x = F.mean(x, axis=[1, 2])
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "conv"


def layer_activations():
    """Layers as the activation of others, with their own parameters."""
    image = keras.Input((7, 6, 3), name="image")
    x = L.Conv2D(4, 3, activation=L.LeakyReLU(0.3, name="leaky"), name="conv")(image)
    x = L.Conv2D(4, 1, activation=L.ReLU(1.5, negative_slope=0.1, name="relu"), name="last")(x)
    maps = [
        L.DepthwiseConv2D(2, activation=L.ELU(0.4), name="depthwise")(x),
        L.SeparableConv2D(3, 2, activation=L.LeakyReLU(0.1), name="separable")(x),
        L.Conv2DTranspose(2, 2, strides=2, activation=L.ReLU(threshold=0.2), name="transposed")(x),
        L.Activation(L.LeakyReLU(0.05), name="activation")(x),
        L.Conv2D(3, 2, activation=L.Softmax(), name="softmax")(x),
    ]
    if KERAS == "k2":  # Keras 3 does not build the weights of such a layer
        maps.append(L.Conv2D(3, 2, activation=L.PReLU(shared_axes=[1, 2], name="prelu"), name="parametric")(x))
    x = L.Concatenate(name="pooled")([L.GlobalAveragePooling2D()(x) for x in maps])
    x = L.Dense(5, activation=L.ELU(0.7), name="hidden")(x)
    return keras.Model(image, L.Dense(4, name="logits")(x)), "last"


def normalization_axes():
    """Means for all values, for each position of the image, for each row, and given in numbers."""
    image = keras.Input((5, 4, 3), name="image")
    maps = [
        L.Normalization(axis=None, name="of_all")(image),
        L.Normalization(axis=None, mean=0.3, variance=2.0, name="of_all_given")(image),
        L.Normalization(axis=(1, 2, 3), name="of_each_cell")(image),
        L.Normalization(axis=(-1, 1), name="of_rows_and_channels")(image),
        L.Normalization(axis=2, name="of_columns")(image),
        L.Normalization(axis=(1, 2, 3), mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0], name="broadcast")(image),
        L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0], invert=True, name="inverse")(image),
    ]
    x = L.Concatenate(name="joined")(maps)
    x = L.GlobalAveragePooling2D(name="gap")(L.Conv2D(4, 2, name="conv")(x))
    return keras.Model(image, L.Dense(4, name="logits")(x)), "joined"


def aspect_ratios():
    """Resizing that crops or pads to the aspect ratio of its target, wider, taller and of odd sizes, and crops of what is too small."""
    image = keras.Input((9, 14, 3), name="image")
    tall = L.Permute((2, 1, 3), name="tall")(image)
    maps = [
        L.Resizing(6, 6, crop_to_aspect_ratio=True, name="crop_square")(image),
        L.Resizing(11, 5, crop_to_aspect_ratio=True, name="crop_taller")(image),
        L.Resizing(5, 17, crop_to_aspect_ratio=True, name="crop_wider")(image),
        L.Resizing(8, 7, crop_to_aspect_ratio=True, interpolation="nearest", name="crop_nearest")(tall),
        L.CenterCrop(12, 8, name="center_taller")(image),
        L.CenterCrop(16, 20, name="center_larger")(tall),
    ]
    if KERAS == "k3":
        maps += [
            L.Resizing(6, 6, pad_to_aspect_ratio=True, name="pad_square")(image),
            L.Resizing(11, 5, pad_to_aspect_ratio=True, fill_value=0.7, name="pad_filled")(image),
            L.Resizing(5, 17, pad_to_aspect_ratio=True, interpolation="nearest", name="pad_nearest")(image),
            L.Resizing(8, 7, pad_to_aspect_ratio=True, fill_value=-2.5, name="pad_tall")(tall),
            keras.ops.image.resize(image, (7, 7), pad_to_aspect_ratio=True, fill_value=0.3),
            keras.ops.image.resize(image, (7, 9), crop_to_aspect_ratio=True),
        ]
    maps = [L.Conv2D(2, 3, activation="tanh", name=f"conv{i}")(x) for i, x in enumerate(maps)]
    x = L.Concatenate(name="joined")([L.GlobalAveragePooling2D(name=f"gap{i}")(x) for i, x in enumerate(maps)])
    return keras.Model(image, L.Dense(4, name="logits")(x)), "conv1"


def kept_ratio():
    """The image cropped to a square, or padded to one, for the network behind."""
    image = keras.Input((12, 20, 3), name="image")
    keeping = {"crop_to_aspect_ratio": True} if KERAS == "k2" else {"pad_to_aspect_ratio": True}
    x = L.Resizing(8, 8, name="square", **keeping)(image)
    x = L.Conv2D(4, 1, activation="relu", name="conv")(x)
    x = L.Dense(4, activation="relu", name="dense")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "dense"


def joined_image():
    """Pooled channels that are in part the image's own, scaled before the classes read them."""
    image = keras.Input((7, 6, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", activation="relu", name="conv")(image)
    x = L.Concatenate(name="joined")([x, image])
    x = L.Rescaling(0.5, 0.1, name="scaled")(L.GlobalAveragePooling2D(name="gap")(x))
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "joined"


def pooled_reshape():
    """Rows that are split before the pooling, and scaled channels."""
    image = keras.Input((8, 5, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", activation="relu", name="conv")(image)
    x = L.Reshape((20, 2, 4), name="split")(L.Reshape((4, 10, 4), name="rows")(x))
    x = L.Rescaling(-2.0, 0.1, name="scaled")(L.GlobalAveragePooling2D(name="gap")(x))
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "conv"


def augmentations():
    """All layers of this version of Keras that leave images alone at inference."""
    image = x = keras.Input((8, 8, 3), name="image")
    needed = {
        "RandomBrightness": [0.5], "RandomContrast": [0.5], "RandomRotation": [0.5], "RandomZoom": [0.5],
        "RandomTranslation": [0.5, 0.5], "RandomCrop": [8, 8], "RandomHeight": [0.5], "RandomWidth": [0.5],
        "RandomHue": [0.5], "RandomSaturation": [0.5], "RandomSharpness": [0.5], "RandomColorDegeneration": [0.5],
        "RandomPosterization": [3], "Solarization": [0.5, 0.5], "MaxNumBoundingBoxes": [3]}
    names = [name for name in dir(L) if name.startswith("Random") and name != "RandomFourierFeatures"]
    names += ["AugMix", "CutMix", "MaxNumBoundingBoxes", "MixUp", "RandAugment", "Solarization"]
    layers = [getattr(L, name)(*needed.get(name, [])) for name in names if hasattr(L, name)]
    layers += [
        L.Dropout(0.5), L.SpatialDropout2D(0.5), L.GaussianDropout(0.5), L.GaussianNoise(0.5),
        L.ActivityRegularization(0.1), L.Identity()]
    for layer in layers:
        x = layer(x)
        if layer.name.startswith("random_width"):
            x = L.Reshape((8, 8, 3))(x)  # Keras 2 forgets the size
    x = L.Conv2D(4, 3, activation="relu", name="last")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(4, activation="softmax", name="classes")(x)), "last"


def inner_layers():
    """A pipeline of layers, and wrappers that act in training alone."""
    image = keras.Input((8, 8, 3), name="image")
    pipeline = L.Pipeline([L.RandomFlip(name="flip"), L.Rescaling(0.5, name="half"), L.Normalization(name="norm")])
    x = pipeline(image)
    x = L.SpectralNormalization(L.Conv2D(4, 3, activation="relu", name="conv"), name="spectral")(x)
    x = L.SpatialDropout2D(0.5, name="spatial")(x)
    x = L.SpectralNormalization(L.Conv2D(5, 3, name="conv_too"), name="last")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.SpectralNormalization(L.Dense(4, name="dense"), name="logits")(x)), "gap"


def low_rank():
    """Kernels with what LoRA adds; .h5 files keep it apart, .keras files do not."""
    image = keras.Input((8, 8, 3), name="image")
    x = L.Conv2D(4, 3, activation="relu", name="last")(image)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    model = keras.Model(image, L.Dense(5, activation="softmax", name="classes")(x))
    model.get_layer("last").enable_lora(2, lora_alpha=3)
    model.get_layer("classes").enable_lora(3)
    return model, "last"


def odd_names():
    """Names beyond ASCII, with spaces, and names of groups in files."""
    image = keras.Input((8, 8, 3), name="Фото")
    x = L.Conv2D(4, 3, activation="relu", name="Faltung ä 1")(image)
    x = L.Conv2D(4, 3, activation="relu", name="最後")(x)
    x = L.GlobalAveragePooling2D(name="layers")(x)
    return keras.Model(image, L.Dense(5, activation="softmax", name="vars")(x), name="модель"), "最後"


@keras.saving.register_keras_serializable("zoo")
class Wobble(L.Layer):
    """A layer of an application's own: the input times a trained number."""

    def __init__(self, power=2.0, **arguments):
        super().__init__(**arguments)
        self.power = power

    def build(self, shape):
        self.amount = self.add_weight(name="amount", shape=(shape[-1],), initializer="ones")

    def call(self, x):
        return x * self.amount + self.power

    def get_config(self):
        return {**super().get_config(), "power": self.power}


def custom():
    """What only the application knows: a lambda and a registered layer."""
    image = keras.Input((6, 5, 3), name="image")
    x = L.Lambda(lambda v: v / 2 - 1, name="halve")(image)
    x = L.Conv2D(4, 3, activation="relu", name="conv")(x)
    x = Wobble(0.5, name="wobble")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(3, activation="softmax", name="classes")(x)), "wobble"


def unsupported():
    """Layers that nobody knows."""
    image = keras.Input((6, 5, 3), name="image")
    x = L.Lambda(lambda v: v / 2, name="halve")(image)
    x = L.Conv2D(4, 3, name="conv")(x)
    x = Wobble(name="wobble")(x)
    x = F.cumsum(x, axis=3)
    x = L.Resizing(3, 3, interpolation="bicubic", name="bicubic")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    return keras.Model(image, L.Dense(3, name="logits")(x)), "gap"


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
        name = getattr(weight, "path", weight.name).split("/")[-1]
        shape = tuple(weight.shape)
        if "variance" in name:
            value = rng.uniform(0.5, 1.5, shape)
        elif "gamma" in name:
            value = rng.uniform(0.6, 1.4, shape)
        elif "count" in name:
            continue
        elif "kernel" in name:
            value = rng.randn(*shape) * np.sqrt(2 / max(1, np.prod(shape[:-1])))
        elif "alpha" in name:
            value = rng.uniform(0, 0.5, shape)
        else:
            value = rng.randn(*shape) * 0.2
        weight.assign(np.asarray(value, "float32"))
    pipelines = [layer.layers for layer in model.layers if type(layer).__name__ == "Pipeline"]
    for layer in sum(pipelines, model.layers):
        if isinstance(layer, L.Normalization) and layer.input_mean is None:
            layer.finalize_state()


def packed(path):
    """Deflates a .keras file, which Keras does not."""
    with zipfile.ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)


def save(make):
    keras.backend.clear_session()
    model, layer = make()
    randomize(model)
    name = "layers_" + make.__name__
    shape = [size or 21 + 2 * i for i, size in enumerate(model.input_shape[1:])]
    low, high = (0, 255) if make.__name__.startswith("preprocessing") else (-2, 2)
    x = np.random.RandomState(3).uniform(low, high, [2] + shape).astype("float32")
    activation, y = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])(x, training=False)
    folder = os.path.join(ROOT, "models", name)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, KERAS + ".h5")
    if make in COMPACT and (KERAS == "k3" or make is not pieces):  # tf_keras cannot write [...] to the newer format
        model.save(path.replace(".h5", ".keras"))
        packed(path.replace(".h5", ".keras"))
    elif KERAS == "k2":
        model.save(path, include_optimizer=False)
    else:
        if make not in WITHOUT_H5:
            model.save(path)
        model.save(os.path.join(folder, "k3.keras"))
        if make in YOUNG + WITHOUT_H5:
            packed(os.path.join(folder, "k3.keras"))
    if make is sequential:
        without_input_layer(path)
    golden = os.path.join(ROOT, "golden", name + ".")
    x.tofile(golden + "k2.x.bin")
    for key, value in (("y", y), ("act", activation)):
        np.asarray(value).astype("<f4").tofile(golden + KERAS + "." + key + ".bin")
    with open(golden + KERAS + ".json", "w") as file:
        json.dump({"name": name, "act": layer, "x": list(x.shape), "y": list(y.shape), "a": list(activation.shape)}, file)


MODELS = (
    activations,
    merges,
    keepdims,
    reshapes,
    open_size,
    sequential,
    gates,
    more_activations,
    normalizations,
    convolutions,
    sizes,
    preprocessing,
    preprocessing_lambdas,
    operations,
    pieces,
    reductions,
    group_normalizations,
    unit_lengths,
    mean_head,
    layer_activations,
    normalization_axes,
    aspect_ratios,
    kept_ratio,
    joined_image,
    pooled_reshape,
    augmentations,
    inner_layers,
    low_rank,
    odd_names,
    custom,
    unsupported,
)

# What Keras 3 writes as Keras 2 does.
OLD = (activations, merges, keepdims, reshapes, open_size, sequential, custom, unsupported)

# What only Keras 3 has, and what it writes as one deflated file alone, because its .h5 files are the same.
YOUNG = (inner_layers, low_rank, odd_names)
WITHOUT_H5 = (layer_activations, normalization_axes, augmentations)

# As one deflated file of the newer format.
COMPACT = (pieces, reductions, group_normalizations, unit_lengths, aspect_ratios, kept_ratio, joined_image, pooled_reshape)

wanted = sys.argv[2:]
for make in MODELS:
    if (not wanted or make.__name__ in wanted) and make not in (YOUNG if KERAS == "k2" else OLD):
        save(make)
