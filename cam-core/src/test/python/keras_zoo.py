"""Compares cam4j with Keras on full-size keras.applications models, and writes the table of docs/zoo.md.

    mvn -q -B test-compile
    python cam-core/src/test/python/keras_zoo.py [--keras 2|3] [--format h5 keras --] [NAME ...]

Needs TensorFlow 2.17, tf_keras 2.17 and Keras 3; a machine with 16 GB and an hour for all; runs Maven for the class path.
Without names, all models. Every model gets random weights and random BatchNorm statistics of a likely size, is saved, read by cam4j
and deleted. Both compute the logits of one random image in float32, and Keras once more in float64: the table gives how far each is
from that, since untrained weights amplify rounding. Rows of models that were not run stay as they are.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", ".."))
TABLE = os.path.join(ROOT, "docs", "zoo.md")
HEAD = "| model | format | parameters | logits | Keras' own | activations | Keras' own | on oneDNN | map | load |"

SIZES = {
    "InceptionV3": 299,
    "InceptionResNetV2": 299,
    "Xception": 299,
    "NASNetLarge": 331,
    "EfficientNetB1": 240,
    "EfficientNetB2": 260,
    "EfficientNetB3": 300,
    "EfficientNetB4": 380,
    "EfficientNetB5": 456,
    "EfficientNetB6": 528,
    "EfficientNetB7": 600,
    "EfficientNetV2B1": 240,
    "EfficientNetV2B2": 260,
    "EfficientNetV2B3": 300,
    "EfficientNetV2S": 384,
    "EfficientNetV2M": 480,
    "EfficientNetV2L": 480,
}
NAMES = (
    "MobileNet MobileNetV2 MobileNetV3Small MobileNetV3Large EfficientNetB0 EfficientNetV2B0 NASNetMobile DenseNet121"
    " RegNetX002 RegNetY002 ResNet50 ResNet50V2 InceptionV3 Xception ConvNeXtTiny EfficientNetB1 EfficientNetB2"
    " EfficientNetB3 EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3 DenseNet169 DenseNet201 ResNet101 ResNet101V2"
    " ResNet152 ResNet152V2 InceptionResNetV2 EfficientNetB4 EfficientNetV2S ConvNeXtSmall VGG16 VGG19 EfficientNetB5"
    " EfficientNetV2M ConvNeXtBase NASNetLarge EfficientNetB6 EfficientNetB7 EfficientNetV2L ConvNeXtLarge"
    " ConvNeXtXLarge RegNetX016 RegNetX032 RegNetY016 RegNetX064 RegNetY064 RegNetX160 RegNetY160 RegNetX320 RegNetY320"
).split()


def all_layers(model):
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from all_layers(layer)


def randomize(model):
    """He-scaled kernels and BatchNorm statistics that are not 0 and 1."""
    rng = np.random.RandomState(7)
    values = []
    for weight in model.weights:
        path = getattr(weight, "path", None) or weight.name
        name = path.split("/")[-1].split(":")[0]
        shape = tuple(weight.shape)
        if name in ("kernel", "depthwise_kernel", "pointwise_kernel"):
            depthwise = name == "depthwise_kernel"
            fan = np.prod(shape[:2]) if depthwise else np.prod(shape[:-1])
            value = rng.randn(*shape) * np.sqrt(2 / max(fan, 1))
        elif name == "gamma":
            # What residual sums add is little in trained networks; else rounding grows with every block.
            value = rng.uniform(0.6, 1.4, shape) * (0.3 if "project" in path else 1)
        elif name == "moving_mean" or name == "mean":
            value = rng.randn(*shape) * 0.2
        elif name == "moving_variance" or name == "variance":
            value = rng.uniform(0.5, 1.5, shape)
        elif name == "count":
            value = np.array(1)
        else:
            value = rng.randn(*shape) * 0.1
        values.append(value.astype("float32"))
    return values


def calibrated(model, values, images):
    """BatchNorm statistics near the true ones, so that no layer blows up what rounding did before it; never equal to them."""
    rng = np.random.RandomState(9)
    fill(model, values)
    for layer in all_layers(model):
        if type(layer).__name__ == "BatchNormalization":
            layer.momentum = 0.0
    model(images, training=True)
    for layer in all_layers(model):
        if type(layer).__name__ == "BatchNormalization":
            layer.momentum = 0.99
    values = model.get_weights()
    names = [(getattr(weight, "path", None) or weight.name).split("/")[-1].split(":")[0] for weight in model.weights]
    for i, name in enumerate(names):
        if name == "moving_variance":
            deviation = np.sqrt(values[i])
            values[i - 1] = (values[i - 1] + 0.1 * deviation * rng.randn(*deviation.shape)).astype("float32")
            values[i] = (values[i] * np.exp(rng.uniform(-0.3, 0.3, deviation.shape)) + 1e-3).astype("float32")
            assert names[i - 1] == "moving_mean"
    return values


def fill(model, values):
    model.set_weights(values)
    for layer in all_layers(model):
        if type(layer).__name__ == "Normalization" and getattr(layer, "input_mean", None) is None:
            layer.finalize_state()


def last_map(model):
    """The last layer whose output has rows and columns and which does something at inference."""
    for layer in reversed(model.layers):
        shape = layer.output.shape
        idle = "drop" in layer.name or layer.get_config().get("activation") == "linear"
        if len(shape) == 4 and shape[1] not in (None, 1) and not idle:
            return layer.name
    raise ValueError("no maps in " + model.name)


def pictures(rng, count, size, low, high):
    """Random pictures with patches of several sizes. In noise alone all cells are alike to deep layers, and BatchNorm magnifies
    what little tells them apart, rounding included: a millionfold in EfficientNetB5."""
    total = np.zeros((count, size, size, 3))
    for cells in (3, 12, 48, size):
        place = np.arange(size) * cells // size
        total += rng.uniform(0, 1, (count, cells, cells, 3))[:, place][:, :, place]
    return (low + (high - low) * total / 4).astype("float32")


def grouped(layer, inputs, kernel):
    """A convolution in groups without XLA, which takes minutes for it on a CPU."""
    import tensorflow as tf

    options = {"padding": layer.padding.upper(), "dilations": list(layer.dilation_rate)}
    if kernel.shape[2] == 1 and kernel.shape[3] == layer.groups:
        return tf.nn.depthwise_conv2d(inputs, tf.transpose(kernel, (0, 1, 3, 2)), [1, *layer.strides, 1], **options)
    parts = zip(tf.split(inputs, layer.groups, 3), tf.split(kernel, layer.groups, 3))
    return tf.concat([tf.nn.conv2d(part, own, list(layer.strides), **options) for part, own in parts], 3)


def without_xla(version):
    if version == 2:
        from tf_keras.src.layers.convolutional.base_conv import Conv

        Conv._jit_compiled_convolution_op = grouped
    else:
        from keras.src.layers.convolutional.base_conv import BaseConv

        plain = BaseConv.convolution_op
        BaseConv.convolution_op = lambda self, x, kernel: (plain if self.groups == 1 else grouped)(self, x, kernel)


def generate(name, version, formats, folder):
    if version == 2:
        import tf_keras as keras
    else:
        import keras
    without_xla(version)
    applications = keras.applications
    make = getattr(applications, name, None) or getattr(applications.regnet, name)
    size = SIZES.get(name, 224)
    arguments = {"weights": None, "classes": 19, "classifier_activation": None, "input_shape": (size, size, 3)}
    keras.backend.clear_session()
    model = make(**arguments)
    layer = last_map(model)
    low, high = (0, 255) if re.search("Efficient|MobileNetV3|ConvNeXt|RegNet", name) else (-1, 1)
    rng = np.random.RandomState(3)
    x = pictures(rng, 1, size, low, high)
    values = calibrated(model, randomize(model), pictures(rng, 4, size, low, high))
    fill(model, values)
    both = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])
    activation, y = [np.asarray(v) for v in both(x, training=False)]
    for file_format in formats:
        file = os.path.join(folder, "model." + file_format)
        model.save(file, **({"include_optimizer": False} if file_format == "h5" else {}))
    count = int(model.count_params())
    del model, both
    keras.backend.set_floatx("float64")
    if version == 3:
        keras.config.set_dtype_policy("float64")
    exact = make(**arguments)
    fill(exact, values)
    exact = keras.Model(exact.inputs, [exact.get_layer(last_map(exact)).output, exact.output])
    exact_activation, exact_y = [np.asarray(v) for v in exact(x.astype("float64"), training=False)]
    x.astype("<f4").tofile(os.path.join(folder, "x.bin"))
    exact_y.astype("<f8").tofile(os.path.join(folder, "y.bin"))
    exact_activation.astype("<f8").tofile(os.path.join(folder, "activation.bin"))
    with open(os.path.join(folder, "golden.json"), "w") as out:
        json.dump(
            {
                "layer": layer,
                "shape": list(x.shape),
                "parameters": count,
                "scores": distance(y, exact_y),
                "activations": distance(activation, exact_activation),
            },
            out,
        )


def distance(found, exact):
    return float(np.linalg.norm(found.astype("float64") - exact) / np.linalg.norm(exact))


def class_path():
    with tempfile.NamedTemporaryFile(mode="r") as file:
        subprocess.run(
            ["mvn", "-q", "-B", "-o", "dependency:build-classpath", "-pl", "cam-core", "-Dmdep.outputFile=" + file.name,
             "-Dmdep.includeScope=test"],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        target = os.path.join(ROOT, "cam-core", "target")
        return os.pathsep.join([target + "/classes", target + "/test-classes", file.read().strip()])


def rows(name, version, formats, classes, models):
    """Compares one model in several formats; models that are in the folder already are not made again."""
    with tempfile.TemporaryDirectory() as passing:
        folder = os.path.join(models, "%s-%d" % (name, version)) if models else passing
        os.makedirs(folder, exist_ok=True)
        if not os.path.exists(os.path.join(folder, "golden.json")):
            subprocess.run(
                [sys.executable, __file__, "--generate", folder, "--keras", str(version), "--format", *formats, "--", name],
                check=True)
        for file_format in formats:
            yield row(name, version, file_format, folder, classes)


def row(name, version, file_format, folder, classes):
    run = subprocess.run(
        ["java", "-Xmx5g", "-Dorg.bytedeco.javacpp.maxbytes=10g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
         "-cp", classes, "org.cam4j.keras.ZooConformance", folder, file_format],
        check=True, stdout=subprocess.PIPE, text=True)
    ours = json.loads(run.stdout.strip().splitlines()[-1])
    with open(os.path.join(folder, "golden.json")) as file:
        keras = json.load(file)
    shown = "Keras %d `.%s`" % (version, file_format)
    if "refused" in ours:
        return "| %s | %s | %.1f M | refused: %s | | | | | | |" % (name, shown, keras["parameters"] / 1e6, ours["refused"])
    engine = "%.1e" % ours["planned"] if "planned" in ours else "no: " + ours["objection"]
    return "| %s | %s | %.1f M | %.1e | %.1e | %.1e | %.1e | %s | %s | %.1f s |" % (
        name, shown, keras["parameters"] / 1e6, ours["scores"], keras["scores"], ours["activations"],
        keras["activations"], engine, ours["map"], ours["seconds"])


def write(line):
    """Puts a row into the table, in place of the one of the same model and format."""
    with open(TABLE) as file:
        lines = file.read().split("\n")
    start = lines.index(HEAD) + 2
    end = start
    while lines[end].startswith("|"):
        end += 1
    key = line.split("|")[1:3]
    rows = [old for old in lines[start:end] if old.split("|")[1:3] != key] + [line]
    rows.sort(key=lambda r: (r.split("|")[1].strip().lower(), r.split("|")[2]))
    with open(TABLE, "w") as file:
        file.write("\n".join(lines[:start] + rows + lines[end:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keras", type=int, choices=(2, 3), default=2)
    parser.add_argument("--format", choices=("h5", "keras"), nargs="+", default=["h5"])
    parser.add_argument("--models", metavar="FOLDER", help="keep the models there, and take those that are there already")
    parser.add_argument("--generate", metavar="FOLDER", help="only make one model and what Keras computes with it")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    if arguments.generate:
        generate(arguments.names[0], arguments.keras, arguments.format, arguments.generate)
        return
    classes = class_path()
    for name in arguments.names or NAMES:
        try:
            for line in rows(name, arguments.keras, arguments.format, classes, arguments.models):
                print(line, flush=True)
                write(line)
        except subprocess.CalledProcessError as error:
            print(name, "failed:", error, flush=True)


main()
