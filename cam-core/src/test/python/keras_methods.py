"""Maps of a small Keras model by many methods, from gradients of TensorFlow's tapes: python keras_methods.py RESOURCES (cam-core/src/test/resources).
Needs tensorflow 2.21, keras 3.15, numpy 2. Writes keras/models/methods/k3.keras and explain/keras.npz.

Everything is computed in float64. w(...) is a weighted sum of channels; formulas are those of the papers (docs/methods.md)."""
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras
from keras import layers as L

keras.backend.set_floatx("float64")
keras.utils.set_random_seed(15)
CLASSES = (0, 3)
rng = np.random.default_rng(15)


def model():
    i = keras.Input((16, 16, 3), name="image")
    x = L.Conv2D(6, 3, padding="same", activation="relu", name="early")(i)
    x = L.MaxPooling2D(name="pool")(x)
    a = L.Conv2D(8, 3, padding="same", activation="swish", name="branch")(x)
    s = L.Dense(8, activation="sigmoid", name="excitation")(L.GlobalAveragePooling2D(name="squeeze")(x))
    g = L.Multiply(name="gated")([a, L.Reshape((1, 1, 8), name="excitation_shape")(s)])
    x = L.Add(name="middle")([g, L.Conv2D(8, 1, name="shortcut")(x)])
    x = L.BatchNormalization(name="late_norm")(x)
    x = L.Conv2D(10, 3, strides=2, padding="same", name="late_conv")(x)
    x = L.ReLU(name="late")(x)
    h = L.Dense(12, activation="relu", name="hidden")(L.Flatten(name="flat")(x))
    return keras.Model(i, L.Dense(5, activation="softmax", name="predictions")(h))


net = model()
for v in net.weights:
    if "moving_variance" in v.path: v.assign(1 + 0.2 * rng.random(v.shape))
    elif len(v.shape) == 1: v.assign(0.3 * rng.standard_normal(v.shape) + (1 if "gamma" in v.path else 0))
    else: v.assign(rng.standard_normal(v.shape) * np.sqrt(2.5 / np.prod(v.shape[:-1])))
for v in net.weights: v.assign(np.float32(v.numpy()))               # the file holds float32
last = net.get_layer("predictions")
scores = keras.Model(net.inputs, keras.ops.matmul(last.input, last.kernel.numpy()) + last.bias.numpy())
x = np.float32(rng.standard_normal((1, 16, 16, 3))).astype(np.float64)
y = scores(x).numpy()[0]
p = np.exp(y - y.max()); p /= p.sum()
save = {"input": x[0], "logits": y, "classes": np.array(CLASSES, np.int32)}
head = keras.Model(net.get_layer("late").output, scores.outputs[0])


def mean(g): return g.mean((0, 1))
def w(weights, a): return (weights * a).sum(-1)


def along(layer, target):
    """Activations of a layer, and the target's gradient by them."""
    part = keras.Model(net.inputs, [net.get_layer(layer).output, scores.outputs[0]])
    with tf.GradientTape() as tape:
        a, z = part(x)
        t = target(z[0])
    return a.numpy()[0], tape.gradient(t, a).numpy()[0]


def second(target):
    """The second derivative by the activations of "late", times these activations."""
    a = tf.constant(keras.Model(net.inputs, net.get_layer("late").output)(x).numpy())
    with tf.GradientTape() as outer:
        outer.watch(a)
        with tf.GradientTape() as inner:
            inner.watch(a)
            t = target(head(a)[0])
        g = inner.gradient(t, a)
        product = tf.reduce_sum(g * tf.stop_gradient(a))
    return outer.gradient(product, a).numpy()[0]


def put(key, value): save.setdefault(key, []).append(value)


for c in CLASSES:
    for layer in ("early", "middle", "late"):
        a, g = along(layer, lambda z: z[c])
        put(f"{layer}.grad-cam", w(mean(g), a))
        put(f"{layer}.hires-cam", w(g, a))
        put(f"{layer}.layer-cam", w(np.maximum(g, 0), a))
        put(f"{layer}.elementwise-grad-cam", np.maximum(g * a, 0).sum(-1))
        if layer != "middle":                                        # behind a ReLU
            total = a.sum((0, 1))
            put(f"{layer}.grad-cam++", w((np.maximum(g, 0) / (2 + total * g)).sum((0, 1)), a))
            put(f"{layer}.xgrad-cam", w(np.divide((g * a).sum((0, 1)), total, out=np.zeros_like(total), where=total != 0), a))
        near = np.argsort(np.abs(y - y[c]))[1:4]
        put(f"{layer}.finer-cam", w(mean(along(layer, lambda z: z[c] - 0.2 * sum(z[int(d)] for d in near))[1]), a))
        u, s, vt = np.linalg.svd(a.reshape(-1, a.shape[-1]), full_matrices=False)
        e = (a.reshape(-1, a.shape[-1]) @ vt[0]).reshape(a.shape[:2])
        put(f"{layer}.eigen-cam", e * np.sign(e.flat[np.abs(e).argmax()]))
    a, g = along("late", lambda z: z[c] + tf.nn.log_softmax(z)[c])
    put("late.shapley-cam", w(mean(g - second(lambda z: z[c] + tf.nn.log_softmax(z)[c]) / 2), a))
    ablated = np.stack([a * (np.arange(a.shape[-1]) != k) for k in range(a.shape[-1])])
    put("late.ablation-cam", w((y[c] - head(ablated).numpy()[:, c]) / y[c], a))
    weights = []
    for k in range(a.shape[-1]):
        m = np.float64(tf.image.resize(a[None, :, :, k:k + 1], (16, 16), "bilinear"))
        if a[..., k].max() == a[..., k].min(): weights.append(0); continue
        z = scores(x * (m - m.min()) / (m.max() - m.min())).numpy()[0]
        weights.append(np.exp(z[c] - z.max()) / np.exp(z - z.max()).sum())
    put("late.score-cam", w(np.array(weights), a))
    around = []
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            k = np.zeros(a.shape[:2])
            for di, wi in ((-1, .25), (0, .5), (1, .25)):
                for dj, wj in ((-1, .25), (0, .5), (1, .25)):
                    if 0 <= i + di < a.shape[0] and 0 <= j + dj < a.shape[1]: k[i + di, j + dj] = wi * wj
            z = head((a * k[..., None])[None]).numpy()[0]
            around.append(np.exp(z[c] - z.max()) / np.exp(z - z.max()).sum())
    put("late.recipro-cam", np.array(around).reshape(a.shape[:2]))
    points, steps = np.polynomial.legendre.leggauss(50)
    integral = 0
    for point, step in zip(points, steps):
        v = tf.constant(x * (point + 1) / 2)
        with tf.GradientTape() as tape:
            tape.watch(v)
            t = scores(v)[0, c]
        integral = integral + step / 2 * tape.gradient(t, v).numpy()
    put("image.integrated-gradients", (x * integral)[0].sum(-1))

out = sys.argv[1]
os.makedirs(f"{out}/keras/models/methods", exist_ok=True)
keras.backend.set_floatx("float32")
small = model()
small.set_weights(net.get_weights())
small.save(f"{out}/keras/models/methods/k3.keras")
np.savez_compressed(f"{out}/explain/keras.npz", **{k: np.asarray(v, np.int32 if k == "classes" else np.float32) for k, v in save.items()})
print({k: np.asarray(v).shape for k, v in save.items()}, y)
