"""Compares files that cam4j exported with ONNX Runtime; needs numpy and onnxruntime (written with 2.4 and 1.32).

  cam4j prepare MODEL --to model-cam.onnx
  cam4j explain --model MODEL --save-tensors --out results PHOTO
  python exported_cam.py compare model-cam.onnx results/PHOTO-input.npy results/PHOTO-CLASS.npy CLASS

prints the relative Euclidean distance of the two maps and fails above 1e-5. And

  python exported_cam.py golden FILE.onnx IMAGES

writes FILE.npz with random images, and cam and bias [images, classes, ..] of every class.
"""
import sys

import numpy as np
import onnxruntime


def session(file):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(file, options)


def compare(file, image, expected, index):
    model = session(file)
    image = np.load(image).reshape((-1,) + np.load(image).shape[-3:])
    if model.get_inputs()[0].shape[1:] != list(image.shape[1:]):
        image = image.transpose(0, 3, 1, 2)
    feed = {"image": np.ascontiguousarray(image), "class": np.array([int(index)], np.int64)}
    logits, cam, bias = model.run(["logits", "cam", "bias"], feed)
    expected = np.load(expected)
    distance = np.linalg.norm(cam[0] - expected) / np.linalg.norm(expected)
    print(f"map: {distance:.1e}; logit {logits[0, int(index)]:.6f}, mean + bias {cam[0].mean() + bias[0]:.6f}")
    return distance < 1e-5


def golden(file, count):
    model = session(file)
    shape = model.get_inputs()[0].shape[1:]
    images = np.random.default_rng(3).normal(size=[int(count)] + shape).astype(np.float32)
    classes = model.get_outputs()[1].shape[1]
    maps = [model.run(["cam", "bias"], {"image": images, "class": np.array([c])}) for c in range(classes)]
    np.savez(
        file.removesuffix(".onnx") + ".npz",
        image=images,
        cam=np.stack([cam for cam, _ in maps], 1),
        bias=np.stack([bias for _, bias in maps], 1),
    )
    return True


if __name__ == "__main__":
    sys.exit(0 if {"compare": compare, "golden": golden}[sys.argv[1]](*sys.argv[2:]) else 1)
