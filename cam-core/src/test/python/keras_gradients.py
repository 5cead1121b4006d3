"""keras_gradients.py: small networks built as Keras' VGG19 with its dense layers, ResNet50 and MobileNetV3, and gradient maps of them.

Needs TensorFlow 2.21 and keras 3.15. Writes to ../resources/keras: models/gradients/{vgg,resnet,mobilenet_v3}.keras and
golden/gradients.{csv,x.bin,bin}; x is one photo, uint8 [32, 32, 3], and the networks see x / 127.5 - 1. With a folder as argument, it
writes Keras' own VGG19, ResNet50 and MobileNetV3Large with random weights there (750 MB), and golden/gradients_full.{csv,bin} of a
computed image, of which the networks see the pixels. Each line of the CSV is a network, a layer and a class, and bin holds for it, one
after another in little-endian float32: the logit, then the raw maps [h, w] of

    Grad-CAM    sum_k mean(G_k) A_k
    HiResCAM    sum_k G_k A_k
    LayerCAM    sum_k max(G_k, 0) A_k

with A the layer's activations and G the gradient of the logit by them: tf.GradientTape in float64, neither rectified nor scaled. Each line
also has the distance of Keras' own maps in float32, relative L2, and of the logit: of large networks they are far where rounding opens or closes gates.
"""

import csv
import os
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import keras
import numpy as np
import tensorflow as tf

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")
CLASSES = 5


def image():
    i = keras.Input((32, 32, 3), name="image")
    return i, L.Rescaling(1 / 127.5, -1, name="rescaling")(i)


def vgg():
    """Blocks of convolutions, then Flatten and two hidden dense layers."""
    i, x = image()
    for block, channels in enumerate((6, 8, 12), 1):
        for conv in (1, 2):
            x = L.Conv2D(channels, 3, padding="same", activation="relu", name=f"block{block}_conv{conv}")(x)
        x = L.MaxPooling2D(2, name=f"block{block}_pool")(x)
    x = L.Flatten(name="flatten")(x)
    x = L.Dense(16, activation="relu", name="fc1")(x)
    x = L.Dense(12, activation="relu", name="fc2")(x)
    return keras.Model(i, L.Dense(CLASSES, activation="softmax", name="predictions")(x)), ["block3_conv2", "block2_conv1"]


def bottleneck(x, channels, stride, name, project):
    def conv(y, filters, size, step, number, act=True):
        y = L.Conv2D(filters, size, strides=step, padding="same", name=f"{name}_{number}_conv")(y)
        y = L.BatchNormalization(epsilon=1.001e-5, name=f"{name}_{number}_bn")(y)
        return L.Activation("relu", name=f"{name}_{number}_relu")(y) if act else y

    shortcut = conv(x, 4 * channels, 1, stride, 0, False) if project else x
    y = conv(conv(x, channels, 1, stride, 1), channels, 3, 1, 2)
    y = conv(y, 4 * channels, 1, 1, 3, False)
    return L.Activation("relu", name=f"{name}_out")(L.Add(name=f"{name}_add")([shortcut, y]))


def resnet():
    """Residual bottlenecks, then global average pooling and a dense layer."""
    i, x = image()
    x = L.ZeroPadding2D(3, name="conv1_pad")(x)
    x = L.Activation("relu", name="conv1_relu")(L.BatchNormalization(name="conv1_bn")(L.Conv2D(8, 7, strides=2, name="conv1_conv")(x)))
    x = L.MaxPooling2D(3, strides=2, name="pool1_pool")(L.ZeroPadding2D(1, name="pool1_pad")(x))
    x = bottleneck(x, 3, 1, "conv2_block1", True)
    x = bottleneck(x, 3, 1, "conv2_block2", False)
    x = bottleneck(x, 4, 2, "conv3_block1", True)
    x = bottleneck(x, 4, 1, "conv3_block2", False)
    x = L.GlobalAveragePooling2D(name="avg_pool")(x)
    return keras.Model(i, L.Dense(CLASSES, activation="softmax", name="predictions")(x)), ["conv3_block2_out", "conv2_block2_out"]


def mobilenet_v3():
    """Inverted residuals with squeeze-and-excitation, then convolutions behind the pooling."""
    i, x = image()

    def normalized(y, name, act=None):
        y = L.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name + "_bn")(y)
        return L.Activation(act, name=name + "_act")(y) if act else y

    def block(y, name, expanded, filters, kernel, stride, squeeze, act):
        start = y
        y = normalized(L.Conv2D(expanded, 1, use_bias=False, padding="same", name=name + "_expand")(y), name + "_expand", act)
        y = L.DepthwiseConv2D(kernel, strides=stride, use_bias=False, padding="same", name=name + "_depthwise")(y)
        y = normalized(y, name + "_depthwise", act)
        if squeeze:
            s = L.GlobalAveragePooling2D(keepdims=True, name=name + "_se_pool")(y)
            s = L.Conv2D(4, 1, activation="relu", name=name + "_se_squeeze")(s)
            s = L.Conv2D(expanded, 1, activation="hard_sigmoid", name=name + "_se_excite")(s)
            y = L.Multiply(name=name + "_se_mul")([y, s])
        y = normalized(L.Conv2D(filters, 1, use_bias=False, padding="same", name=name + "_project")(y), name + "_project")
        return L.Add(name=name + "_add")([start, y]) if stride == 1 and start.shape[-1] == filters else y

    x = normalized(L.Conv2D(6, 3, strides=2, padding="same", use_bias=False, name="conv")(x), "conv", "hard_silu")
    x = block(x, "block1", 8, 6, 3, 1, True, "relu")
    x = block(x, "block2", 12, 8, 5, 2, True, "hard_silu")
    x = block(x, "block3", 12, 8, 5, 1, False, "hard_silu")
    x = normalized(L.Conv2D(20, 1, padding="same", use_bias=False, name="conv_1")(x), "conv_1", "hard_silu")
    x = L.GlobalAveragePooling2D(keepdims=True, name="pool")(x)
    x = L.Activation("hard_silu", name="conv_2_act")(L.Conv2D(24, 1, name="conv_2")(x))
    x = L.Conv2D(CLASSES, 1, name="logits")(L.Dropout(0.2, name="dropout")(x))
    return keras.Model(i, L.Activation("softmax", name="predictions")(L.Flatten(name="flat")(x))), ["conv_1_act", "block1_add"]


def randomize(model, seed):
    rng = np.random.RandomState(seed)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if "variance" in weight.path or "gamma" in weight.path:
            value = rng.uniform(0.5, 1.5, shape)
        elif "kernel" in weight.path:
            fan = np.prod(shape[:-2]) if "depthwise" in weight.path else np.prod(shape[:-1])
            value = rng.randn(*shape) * np.sqrt(2 / max(1, fan))
        else:
            value = rng.randn(*shape) * 0.2
        weight.assign(value.astype("float32"))


def save(model, folder, name):
    path = os.path.join(folder, name + ".keras")
    os.makedirs(folder, exist_ok=True)
    model.save(path)
    # Keras stores the parts as they are, mostly zeros; packed, the file is a tenth of it.
    with zipfile.ZipFile(path) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in parts.items():
            file.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return os.path.getsize(path)


def maps(model, layer, x, classes):
    """The logits, and by class the three maps."""
    last = model.get_layer("predictions")
    last.activation = keras.activations.linear
    both = keras.Model(model.input, [model.get_layer(layer).output, model.output])
    with tf.GradientTape(persistent=True) as tape:
        a, logits = both(x, training=False)
        each = [logits[0, c] for c in classes]
    a0, found = a[0].numpy(), []
    for score in each:
        g = tape.gradient(score, a)[0].numpy()
        found.append([(g.mean((0, 1)) * a0).sum(-1), (g * a0).sum(-1), (np.maximum(g, 0) * a0).sum(-1)])
    return logits.numpy()[0], found


def full(application, layers):
    """One of Keras' applications in full size."""

    def make():
        return getattr(keras.applications, application)(weights=None, input_shape=(224, 224, 3)), layers

    make.__name__ = application.lower()
    return make


def write(makers, pixels, classes, folder, name):
    lines, values, sizes = [], [], []
    for seed, make in enumerate(makers, 3):
        keras.backend.clear_session()
        keras.backend.set_floatx("float32")
        model, layers = make()
        randomize(model, seed)
        sizes.append(save(model, folder, make.__name__))
        weights = model.get_weights()
        single = {layer: maps(model, layer, tf.constant(pixels[None], tf.float32), classes) for layer in layers}
        del model
        keras.backend.clear_session()
        keras.backend.set_floatx("float64")
        exact, _ = make()
        exact.set_weights(weights)
        for layer in layers:
            logits, found = maps(exact, layer, tf.constant(pixels[None], tf.float64), classes)
            np.testing.assert_allclose(single[layer][0], logits, rtol=1e-3, atol=1e-3 * np.abs(logits).max())
            for c, each, rounded in zip(classes, found, single[layer][1]):
                own = [np.linalg.norm(r - e) / np.linalg.norm(e) for r, e in zip(rounded, each)]
                own.append(abs(single[layer][0][c] - logits[c]))
                lines.append([make.__name__, layer, c, *each[0].shape, *[f"{error:.1e}" for error in own]])
                values += [np.asarray([logits[c]]), *each]
        del exact
    with open(os.path.join(ROOT, "golden", name + ".csv"), "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["network", "layer", "class", "height", "width", "own grad-cam", "own hires-cam", "own layer-cam", "own logit"], *lines])
    np.concatenate([np.ravel(v) for v in values]).astype("<f4").tofile(os.path.join(ROOT, "golden", name + ".bin"))
    print(sizes, len(lines))


if len(sys.argv) > 1:
    y, x, c = np.mgrid[:224, :224, :3]
    FULL = (
        full("VGG19", ["block5_conv4", "block4_pool"]),
        full("ResNet50", ["conv5_block3_out", "conv4_block6_out"]),
        full("MobileNetV3Large", ["conv_1_bn", "expanded_conv_11_add"]),
    )
    write(FULL, ((7 * y + 13 * x + 29 * c + 5 * (x * y % 31)) % 256).astype("uint8"), (0, 7, 999), sys.argv[1], "gradients_full")
else:
    pixels = np.random.RandomState(5).randint(0, 256, (32, 32, 3))
    pixels = ((pixels + np.mgrid[:32, :32].sum(0)[..., None] * 4) // 2).astype("uint8")
    pixels.tofile(os.path.join(ROOT, "golden", "gradients.x.bin"))
    write((vgg, resnet, mobilenet_v3), pixels, range(CLASSES), os.path.join(ROOT, "models", "gradients"), "gradients")
