"""Replaces QuantizeLinear and DequantizeLinear on activations by the Clip to the integers' range, and runs the model in ONNX Runtime.

onnx 1.23, onnxruntime 1.32, numpy 2.4.  python qdq_as_clip.py MODEL.onnx VALUES.npz LOGITS LAST INNER
"""
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

path, values, logits, last, inner = sys.argv[1:]
model = onnx.load(path)
graph = model.graph
constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
quantized = {}
nodes = []
for node in graph.node:
    if node.op_type == "QuantizeLinear":
        quantized[node.output[0]] = node
    elif node.op_type == "DequantizeLinear" and node.input[0] in quantized:
        before = quantized[node.input[0]]
        scale, zero = constants[before.input[1]], constants[before.input[2]]
        kind = np.iinfo(zero.dtype)
        for name, bound in (("min", kind.min), ("max", kind.max)):
            value = np.float32((float(bound) - float(zero)) * float(scale))
            graph.initializer.append(numpy_helper.from_array(np.array(value), node.output[0] + name))
        nodes.append(helper.make_node(
            "Clip", [before.input[0], node.output[0] + "min", node.output[0] + "max"], [node.output[0]]))
    else:
        nodes.append(node)
del graph.node[:]
graph.node.extend(nodes)
del graph.output[:]
graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in (logits, last, inner))
stored = dict(np.load(values))
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
found = session.run([logits, last, inner], {graph.input[0].name: stored["input"]})
stored.update(zip(("logits", "last.activation", "inner.activation"), found))
np.savez_compressed(values, **stored)
