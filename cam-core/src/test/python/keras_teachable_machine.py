"""keras_teachable_machine.py: a small model as Teachable Machine exports it for Keras, and what its own code computes with it.

Needs TensorFlow 2.21, tf_keras 2.21 and Pillow 13. Writes to ../resources/keras/teachable_machine: converted_keras.zip with keras_model.h5
and labels.txt, photo.png, probabilities.bin (float32 [3]) of the photo, map.bin and bias.bin (float32 [3, 7, 7] and [3]).

Layers, names, input and head are those of an export (teachablemachine.withgoogle.com, Image Project, Export Model, Tensorflow, Keras): a
Sequential of two Sequentials, MobileNetV2 with global average pooling, then Dense(100, relu) and Dense(classes, softmax) without bias.
The MobileNetV2 is short and narrow here. labels.txt counts from 0, as the converter of
github.com/googlecreativelab/teachablemachine-community writes it; that converter stores what is packed here. The photo is prepared as its snippets/markdown/image/tensorflow/keras.md
does: ImageOps.fit to 224x224 with LANCZOS, x / 127.5 - 1.

The map is that of the last feature maps A with the hidden layer's ReLUs held: 49 * sum_k G_k * A_k, G the gradient of the logit; the bias is
the logit less the map's mean. In float64.
"""

import os
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import numpy as np
import tensorflow as tf
import tf_keras as keras
from PIL import Image, ImageOps

L = keras.layers
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "keras", "teachable_machine")
LABELS = ["Cat", "Dog & wolf", "3 birds"]


def block(x, name, expanded, channels, stride):
    """An inverted residual of MobileNetV2."""
    start = x
    x = L.ReLU(6.0, name=name + "_expand_relu")(L.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name + "_expand_BN")(
        L.Conv2D(expanded, 1, use_bias=False, padding="same", name=name + "_expand")(x)))
    if stride == 2:
        x = L.ZeroPadding2D(((0, 1), (0, 1)), name=name + "_pad")(x)
    x = L.DepthwiseConv2D(3, strides=stride, use_bias=False, padding="same" if stride == 1 else "valid", name=name + "_depthwise")(x)
    x = L.ReLU(6.0, name=name + "_depthwise_relu")(L.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name + "_depthwise_BN")(x))
    x = L.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name + "_project_BN")(
        L.Conv2D(channels, 1, use_bias=False, padding="same", name=name + "_project")(x))
    return L.Add(name=name + "_add")([start, x]) if stride == 1 and start.shape[-1] == channels else x


def backbone():
    image = keras.Input((224, 224, 3), name="input_1")
    x = L.ZeroPadding2D(((0, 1), (0, 1)), name="Conv1_pad")(image)
    x = L.Conv2D(4, 3, strides=2, use_bias=False, name="Conv1")(x)
    x = L.ReLU(6.0, name="Conv1_relu")(L.BatchNormalization(epsilon=1e-3, momentum=0.999, name="bn_Conv1")(x))
    for i in range(1, 5):
        x = block(x, f"block_{i}", 8, 4, 2)
    x = block(x, "block_5", 8, 4, 1)
    x = L.BatchNormalization(epsilon=1e-3, momentum=0.999, name="Conv_1_bn")(L.Conv2D(16, 1, use_bias=False, name="Conv_1")(x))
    return keras.Model(image, L.ReLU(6.0, name="out_relu")(x), name="model1")


def export():
    features = keras.Sequential([backbone(), L.GlobalAveragePooling2D(name="global_average_pooling2d_GlobalAveragePooling2D1")], name="sequential_1")
    head = keras.Sequential(name="sequential_3")
    head.add(L.Dense(100, activation="relu", input_shape=(16,), kernel_initializer="he_normal", name="dense_Dense1"))
    head.add(L.Dense(len(LABELS), activation="softmax", use_bias=False, name="dense_Dense2"))
    return keras.Sequential([features, head], name="sequential_4")


def randomize(model):
    rng = np.random.RandomState(11)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if "variance" in weight.name or "gamma" in weight.name:
            value = rng.uniform(0.5, 1.5, shape)
        elif "kernel" in weight.name:
            value = rng.randn(*shape) * np.sqrt(2 / max(1, np.prod(shape[:-1]) / (shape[2] if "depthwise" in weight.name else 1)))
        else:
            value = rng.randn(*shape) * 0.2
        weight.assign(value.astype("float32"))


def prepared(image):
    """As Teachable Machine's code prepares a photo."""
    fitted = ImageOps.fit(image.convert("RGB"), (224, 224), Image.Resampling.LANCZOS)
    return ((np.asarray(fitted).astype(np.float32) / 127.5) - 1)[None]


def reference(weights, x):
    keras.backend.set_floatx("float64")
    exact = export()
    exact.set_weights(weights)
    features, head = exact.layers
    a = tf.convert_to_tensor(features.layers[0](x.astype("float64"), training=False))
    hidden, last = head.layers
    with tf.GradientTape() as tape:
        tape.watch(a)
        z = tf.matmul(tf.reduce_mean(a, [1, 2]), hidden.kernel) + hidden.bias
        logits = tf.matmul(z * tf.stop_gradient(tf.cast(z > 0, z.dtype)), last.kernel)
    g = tape.jacobian(logits, a)[0, :, 0]
    maps = 49 * tf.reduce_sum(g * a, -1).numpy()
    bias = logits[0].numpy() - maps.mean((1, 2))
    np.testing.assert_allclose(tf.nn.softmax(logits), exact(x.astype("float64"), training=False), rtol=1e-9)
    return tf.nn.softmax(logits)[0].numpy(), maps, bias


os.makedirs(OUT, exist_ok=True)
model = export()
randomize(model)
file = os.path.join(OUT, "keras_model.h5")
model.save(file, include_optimizer=False)
with zipfile.ZipFile(os.path.join(OUT, "converted_keras.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    with open(file, "rb") as content:
        archive.writestr(zipfile.ZipInfo("keras_model.h5"), content.read(), zipfile.ZIP_DEFLATED)
    archive.writestr(zipfile.ZipInfo("labels.txt"), "".join(f"{i} {label}\n" for i, label in enumerate(LABELS)))
os.remove(file)
y, x = np.mgrid[:75, :101]
photo = Image.fromarray(np.stack([x * 5 + y, 255 - y * 3, (x - 50) ** 2 // 10 + y], -1).astype("uint8"))
photo.save(os.path.join(OUT, "photo.png"))
probabilities, maps, bias = reference(model.get_weights(), prepared(photo))
for name, value in {"probabilities": probabilities, "map": maps, "bias": bias}.items():
    value.astype("<f4").tofile(os.path.join(OUT, name + ".bin"))
print(probabilities, bias, maps.min(), maps.max(), model.count_params(), os.path.getsize(os.path.join(OUT, "converted_keras.zip")))
