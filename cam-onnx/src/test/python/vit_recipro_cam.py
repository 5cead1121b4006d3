"""Computes ViT-ReciproCAM (Byun, Lee, 2023) of deit_ts17.onnx with ONNX Runtime; needs numpy, onnx 1.23, onnxruntime 1.32.

  python vit_recipro_cam.py

writes ../resources/maps/deit_ts17.recipro.npz: map [classes, 4, 4], the probability of each class when, of the output of the last block's first
normalization, all cells but those under the 3x3 kernel around a cell are 0. The class and distillation tokens stay, as do the block's other inputs.
"""
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

RESOURCES = Path(__file__).parent.parent / "resources"
LAYER = "/blocks/blocks.1/norm1/LayerNormalization_output_0"
PREFIX, SIDE = 2, 4

model = onnx.load(str(RESOURCES / "classifiers/deit_ts17.onnx"))
for node in model.graph.node:
    for i, name in enumerate(node.input):
        if name == LAYER:
            node.input[i] = "masked"
model.graph.input.append(onnx.helper.make_tensor_value_info("masked", onnx.TensorProto.FLOAT, None))
model.graph.output.append(onnx.ValueInfoProto(name=LAYER))
session = onnxruntime.InferenceSession(model.SerializeToString())
image = np.load(RESOURCES / "classifiers/deit_ts17.npz")["input"][:1]
name = session.get_inputs()[0].name
output = session.get_outputs()[0].name
(tokens,) = session.run([LAYER], {name: image, "masked": np.zeros((1, PREFIX + SIDE * SIDE, 20), np.float32)})
kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
maps = []
for y in range(SIDE):
    for x in range(SIDE):
        mask = np.zeros((SIDE + 2, SIDE + 2))
        mask[y : y + 3, x : x + 3] = kernel
        masked = tokens.copy()
        masked[0, PREFIX:] *= mask[1:-1, 1:-1].reshape(-1, 1)
        (logits,) = session.run([output], {name: image, "masked": masked})
        powers = np.exp(logits[0].astype(np.float64))
        maps.append(powers / powers.sum())
np.savez_compressed(RESOURCES / "maps/deit_ts17.recipro.npz", map=np.stack(maps, -1).reshape(-1, SIDE, SIDE).astype(np.float32))
