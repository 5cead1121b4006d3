"""keras_every_head.py: one small model with heads of every kind behind two feature maps, what Keras computes for them, and the maps that
add up.

Needs TensorFlow 2.21 and keras 3.15. Writes to ../resources/keras: models/every_head/k3.keras and golden/every_head.{csv,bin,x.bin}.
x is two photos, uint8 [2, 12, 12, 3]; the network sees x / 127.5 - 1. Each line of the CSV is a head and a target layer, and bin holds
for it, one after another in little-endian float32: logits and probabilities [2, outputs], biases [2, outputs], maps [2, outputs, h, w].

Everything is computed in float64 by walking the model's layers. Each layer is written as one that is linear in what comes from the
target, times gates that are held at what they are for this photo:

    activation   phi(z) = phi(0) + z * stop_gradient((phi(z) - phi(0)) / z)         relu: 0 or 1; sigmoid and softplus: phi(0) is constant
    maximum      the place of the largest value is held
    softmax      its weights are held, as is the mask of an attention: a product's operand that comes from a sigmoid or a softmax
    division     the divisor is held
    layer normalization, unit normalization   the standard deviation and the norm are held; the mean is not

G is the gradient of the logit by the target layer's activations A, a map is h * w * sum_k G_k * A_k, and the bias is the logit less the
map's mean. The script checks that the walk gives Keras' outputs, and that the bias is the logit for A = 0 with the same gates.
"""

import csv
import io
import os
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import keras
import numpy as np
import tensorflow as tf

L = keras.layers
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras")
CLASSES = 5


def gap(x, **settings):
    return L.GlobalAveragePooling2D(**settings)(x)


def dense(x, units=CLASSES, **settings):
    return L.Dense(units, **settings)(x)


def hidden(x, activation):
    return dense(dense(gap(x), 7, activation=activation))


def squeezed(x, name):
    """Squeeze-and-excitation (Hu et al., CVPR 2018)."""
    weights = dense(dense(gap(x), 3, activation="relu"), 4, activation="sigmoid")
    return L.Multiply(name=name)([x, L.Reshape((1, 1, 4))(weights)])


def attended(x, name):
    """Pooling weighted by an attention mask, divided by the mask's mean."""
    mask = L.Conv2D(1, 1, activation="sigmoid")(L.Conv2D(3, 1, activation="relu")(x))
    return gap(L.Multiply(name=name)([x, mask])) / gap(mask)


def heads(a, b, c, d):
    """Of each head: the logits, the target layers whose maps are expected, and what makes probabilities of the logits."""
    wide = L.Conv2D(6, 1, activation="hard_silu", name="wide")(b)
    normalized = L.BatchNormalization(name="bn_last")(b)
    named = {activation: hidden(b, activation) for activation in
             ("relu", "relu6", "leaky_relu", "elu", "selu", "tanh", "sigmoid", "softplus", "silu", "gelu", "hard_silu")}
    found = {"hidden_" + name: (logits, ["b"], "softmax") for name, logits in named.items()}
    found |= {
        "hidden_prelu": (dense(L.PReLU()(dense(gap(b), 7))), ["b"], "softmax"),
        "three_hidden": (dense(L.Dropout(0.3)(dense(dense(dense(gap(b), 9, activation="relu"), 8, activation="gelu"), 7, activation="relu"))), ["b", "a"], "softmax"),
        "norm_hidden": (dense(L.Dropout(0.5)(L.ReLU()(L.BatchNormalization()(dense(L.BatchNormalization()(gap(b)), 7, use_bias=False))))), ["b"], "softmax"),
        "norm_behind_relu": (dense(L.BatchNormalization()(dense(L.Dropout(0.2)(gap(b)), 7, activation="relu"))), ["b"], "softmax"),
        "norm_of_maps": (dense(dense(gap(normalized), 7, activation="relu")), ["bn_last"], "softmax"),
        "flattened": (dense(L.Flatten()(b)), ["b"], "softmax"),
        "flattened_hidden": (dense(L.Dropout(0.5)(dense(dense(L.Flatten()(b), 8, activation="relu"), 7, activation="relu"))), ["b", "a"], "softmax"),
        "flattened_norm": (dense(dense(L.BatchNormalization()(L.Flatten()(L.Dropout(0.2)(b))), 7, activation="relu")), ["b"], "softmax"),
        "maximum": (dense(L.GlobalMaxPooling2D()(c)), ["c"], "softmax"),
        "maximum_hidden": (dense(dense(L.GlobalMaxPooling2D()(b), 7, activation="relu")), ["b"], "softmax"),
        "average_and_maximum": (dense(L.BatchNormalization()(L.Concatenate()([gap(b), L.GlobalMaxPooling2D()(b)]))), ["b"], "softmax"),
        "average_and_maximum_hidden": (dense(dense(L.Concatenate()([L.GlobalMaxPooling2D()(c), gap(c)]), 7, activation="silu")), ["c"], "softmax"),
        "pointwise_behind": (L.Flatten()(L.Conv2D(CLASSES, 1)(L.Dropout(0.2)(L.Activation("hard_silu")(L.Conv2D(7, 1)(gap(b, keepdims=True)))))), ["b", "a"], "softmax"),
        "pointwise_before": (dense(gap(wide)), ["wide", "b"], "softmax"),
        "pointwise_before_hidden": (dense(dense(gap(wide), 7, activation="relu")), ["wide"], "softmax"),
        "layer_norm": (dense(L.LayerNormalization()(gap(b))), ["b", "a"], "softmax"),
        "layer_norm_hidden": (dense(dense(L.LayerNormalization(epsilon=1e-6)(gap(c)), 7, activation="gelu")), ["c"], "softmax"),
        "squeezed": (dense(gap(squeezed(b, "excited"))), ["excited"], "softmax"),
        "squeezed_hidden": (dense(dense(gap(squeezed(c, "excited_c")), 7, activation="relu")), ["excited_c"], "softmax"),
        "attended": (dense(attended(b, "masked")), ["masked"], "softmax"),
        "attended_hidden": (dense(dense(attended(c, "masked_c"), 7, activation="relu")), ["masked_c"], "softmax"),
        "cosine": (dense(L.UnitNormalization()(gap(b)), use_bias=False) * 16.0, ["b", "a"], "softmax"),
        "temperature": (dense(dense(gap(b), 7, activation="relu")) / 2.5, ["b"], "softmax"),
        "two_backbones": (dense(dense(L.Concatenate()([gap(b), gap(c)]), 7, activation="relu")), ["b", "c"], "softmax"),
        "two_backbones_sizes": (dense(dense(L.Concatenate()([gap(b), gap(d)]), 7, activation="relu")), ["b", "d"], "softmax"),
        "labels": (dense(dense(gap(b), 7, activation="relu")), ["b"], "sigmoid"),
        "regression": (dense(dense(gap(b), 7, activation="relu")), ["b"], "linear"),
        "binary": (dense(dense(gap(b), 7, activation="relu"), 1), ["b"], "sigmoid"),
        "binary_flattened": (dense(L.Flatten()(b), 1), ["b"], "sigmoid"),
        "binary_plain": (dense(gap(b), 1), ["b"], "sigmoid"),
    }
    return found


def build():
    image = keras.Input((12, 12, 3), name="image")
    x = L.Rescaling(1 / 127.5, -1, name="rescaling")(image)
    a = L.Conv2D(6, 3, strides=3, activation="relu", name="a")(x)
    b = L.Conv2D(4, 3, padding="same", activation="relu", name="b")(a)
    c = L.Conv2D(4, 1, activation="tanh", name="c")(a)
    d = L.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="d")(a)
    found = heads(a, b, c, d)
    outputs = [L.Activation(activation, name=name)(logits) for name, (logits, _, activation) in found.items()]
    return keras.Model(image, outputs), {name: (targets, activation) for name, (_, targets, activation) in found.items()}


def randomize(model):
    rng = np.random.RandomState(7)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if "variance" in weight.path or "gamma" in weight.path:
            value = rng.uniform(0.5, 1.5, shape)
        elif "kernel" in weight.path:
            value = rng.randn(*shape) * np.sqrt(2 / max(1, np.prod(shape[:-1])))
        else:
            value = rng.randn(*shape) * 0.2
        weight.assign(value.astype("float32"))


class Walk:
    """The layers of a model, one after another, in float64, as functions that are linear but for gates. Gates are computed in the first
    walk and used again in the second."""

    def __init__(self):
        self.gates = {}

    def held(self, layer, gate):
        return self.gates.setdefault(layer.name, tf.stop_gradient(gate))

    def activation(self, layer, z, function):
        if function is keras.activations.linear:
            return z
        zero = function(tf.zeros_like(z))
        safe = tf.where(z == 0, tf.ones_like(z), z)
        return zero + z * self.held(layer, tf.where(z == 0, tf.zeros_like(z), (function(z) - zero) / safe))

    def values(self, model, start, wanted):
        """Values by layer's name; of the layers in start, those that are given."""
        of_tensor, by_name = {}, {}
        for layer in model.operations:
            node = layer._inbound_nodes[0]
            if layer.name in start:
                value = start[layer.name]
            elif isinstance(layer, L.InputLayer):
                continue
            else:
                inputs = [of_tensor[id(tensor)] for tensor in node.arguments.keras_tensors]
                value = self.layer(layer, inputs, node)
            of_tensor[id(node.outputs[0])] = value
            by_name[layer.name] = value
        return by_name[wanted] if wanted else by_name

    def layer(self, layer, inputs, node):
        x, kind = inputs[0], type(layer).__name__
        w = [tf.constant(np.asarray(v), tf.float64) for v in layer.get_weights()] if isinstance(layer, L.Layer) else []
        if kind == "Rescaling":
            return x * layer.scale + layer.offset
        if kind == "Conv2D":
            z = tf.nn.conv2d(x, w[0], layer.strides, layer.padding.upper()) + w[1]
            return self.activation(layer, z, layer.activation)
        if kind == "Dense":
            z = tf.linalg.matmul(x, w[0])
            return self.activation(layer, z + w[1] if layer.use_bias else z, layer.activation)
        if kind == "BatchNormalization":
            gamma, beta, mean, variance = w
            return (x - mean) / tf.sqrt(variance + layer.epsilon) * gamma + beta
        if kind == "LayerNormalization":
            centred = x - tf.reduce_mean(x, -1, keepdims=True)
            scale = 1 / tf.sqrt(tf.reduce_mean(centred**2, -1, keepdims=True) + layer.epsilon)
            return centred * self.held(layer, scale) * w[0] + w[1]
        if kind == "UnitNormalization":
            return x * self.held(layer, 1 / tf.norm(x, axis=-1, keepdims=True))
        if kind == "GlobalAveragePooling2D":
            return tf.reduce_mean(x, [1, 2], keepdims=layer.keepdims)
        if kind == "GlobalMaxPooling2D":
            flat = tf.reshape(x, [x.shape[0], -1, x.shape[-1]])
            largest = tf.one_hot(tf.argmax(flat, 1), flat.shape[1], axis=1, dtype=tf.float64)
            return tf.reduce_sum(flat * self.held(layer, largest), 1)
        if kind == "Multiply" and len(inputs) == 1:
            return x * node.arguments.args[1]
        if kind == "Multiply":
            return x * self.held(layer, inputs[1])
        if kind in ("Divide", "TrueDivide"):
            return x / self.held(layer, inputs[1]) if len(inputs) > 1 else x / node.arguments.args[1]
        if kind == "Concatenate":
            return tf.concat(inputs, -1)
        if kind in ("Flatten", "Reshape"):
            return tf.reshape(x, [x.shape[0], *layer.compute_output_shape(x.shape)[1:]])
        if kind == "Dropout":
            return x
        if kind == "PReLU":
            gate = tf.where(x > 0, tf.ones_like(x), tf.ones_like(x) * w[0])
            return x * self.held(layer, gate)
        if kind == "ReLU":
            return self.activation(layer, x, keras.activations.relu)
        if kind == "Activation":
            return self.activation(layer, x, layer.activation)
        raise ValueError(kind + " " + layer.name)


def reference(model, x, head, targets, activation):
    """Logits, probabilities, and of each target the biases and the maps."""
    logits_layer = model.get_layer(head)._inbound_nodes[0].arguments.keras_tensors[0]._keras_history.operation.name
    walk = Walk()
    plain = walk.values(model, {"image": x}, None)
    logits = plain[logits_layer]
    probabilities = {"softmax": tf.nn.softmax, "sigmoid": tf.nn.sigmoid, "linear": lambda z: z}[activation](logits).numpy()
    of_target = {}
    starts = {"image": x, **{target: plain[target] for target in targets}}
    for target in targets:
        # What reaches the logits past this target stays as it is: with two backbones, each has its own map.
        others = {other: plain[other] for other in targets if other != target and other in ("b", "c", "d") and target != "a"}
        value = plain[target]
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(value)
            scores = walk.values(model, {"image": x, target: value, **others}, logits_layer)
            each = [tf.reduce_sum(scores[:, k]) for k in range(scores.shape[1])]
        np.testing.assert_allclose(scores, logits, rtol=1e-12, atol=1e-12)
        cells = value.shape[1] * value.shape[2]
        maps = np.stack([(tf.reduce_sum(tape.gradient(s, value) * value, -1) * cells).numpy() for s in each], 1)
        bias = logits.numpy() - maps.mean((2, 3))
        dark = walk.values(model, {"image": x, target: tf.zeros_like(value), **others}, logits_layer)
        np.testing.assert_allclose(bias, dark, rtol=1e-9, atol=1e-9)
        of_target[target] = bias, maps
    return logits.numpy(), probabilities, of_target


keras.utils.set_random_seed(7)
model, found = build()
randomize(model)
os.makedirs(os.path.join(ROOT, "models", "every_head"), exist_ok=True)
path = os.path.join(ROOT, "models", "every_head", "k3.keras")
model.save(path)
# Keras stores the parts as they are, mostly zeros; packed, the file is a tenth of it.
with zipfile.ZipFile(path) as file:
    parts = {name: file.read(name) for name in file.namelist()}
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
    for name, content in parts.items():
        file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)

pixels = np.random.RandomState(3).randint(0, 256, (2, 12, 12, 3)).astype("uint8")
pixels.tofile(os.path.join(ROOT, "golden", "every_head.x.bin"))
x = tf.constant(pixels, tf.float64)
keras_outputs = dict(zip(found, model(pixels.astype("float32"), training=False)))
lines, values = [], []
for head, (targets, activation) in found.items():
    logits, probabilities, of_target = reference(model, x, head, targets, activation)
    np.testing.assert_allclose(probabilities, keras_outputs[head], rtol=2e-4, atol=2e-5, err_msg=head)
    for target, (bias, maps) in of_target.items():
        lines.append([head, target, activation, logits.shape[1], maps.shape[2], maps.shape[3]])
        values += [logits, probabilities, bias, maps]
with open(os.path.join(ROOT, "golden", "every_head.csv"), "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows([["head", "target", "activation", "outputs", "height", "width"], *lines])
np.concatenate([v.ravel() for v in values]).astype("<f4").tofile(os.path.join(ROOT, "golden", "every_head.bin"))
print(len(found), "heads,", len(lines), "maps,", os.path.getsize(path), "bytes")
