"""Makes classifiers with the operators Attention (opset 23), Einsum, Erf outside GELU and ReduceL1, with CumSum, Conv, GatherND
and ScatterND of constants and a long Expand, and their values by ONNX Runtime.

onnx 1.23, onnxruntime 1.32, numpy 2.4.  python attention_einsum.py FOLDER
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(16)


def weights(name, *shape):
    scale = 1 / np.sqrt(np.prod(shape[:-1]))
    return numpy_helper.from_array((random.standard_normal(shape) * scale).astype(np.float32), name)


def classifier(name, nodes, constants, opset, last, inner):
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 16, 24])
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("logits", last, inner)]
    graph = helper.make_graph(nodes, name, [image], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    x = random.standard_normal((1, 3, 16, 24)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    values = dict(zip(("logits", "last.activation", "inner.activation"), session.run(["logits", last, inner], {"image": x})))
    np.savez_compressed(folder / f"{name}.npz", input=x, **values)
    del graph.output[1:]
    graph.output[0].CopyFrom(helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 10]))
    model.graph.CopyFrom(graph)
    onnx.save(model, folder / f"{name}.onnx")
    return {"name": name, "opset": opset, "producer": "onnx 1.23", "head": "mean of tokens",
            "output": {"name": "logits", "kind": "logits", "logits_tensor": "logits"},
            "layers": {"last": {"tensor": last}, "inner": {"tensor": inner}}}


node = helper.make_node
ints = lambda name, *values: numpy_helper.from_array(np.array(values, np.int64), name)
patches = [
    node("Conv", ["image", "w"], ["patches"], strides=[4, 4]),
    node("Reshape", ["patches", "flat"], ["columns"]),
    node("Transpose", ["columns"], ["tokens"], perm=[0, 2, 1]),
]
shared = lambda: [weights("w", 12, 3, 4, 4), ints("flat", 1, 12, 24), weights("q", 12, 12), weights("k", 12, 12),
                  weights("v", 12, 12), weights("head", 12, 10)]
made = [
    classifier("hand_attention", patches + [
        node("MatMul", ["tokens", "q"], ["queries"]), node("MatMul", ["tokens", "k"], ["keys"]),
        node("MatMul", ["tokens", "v"], ["values"]),
        node("Attention", ["queries", "keys", "values", "mask"], ["mixed"], q_num_heads=3, kv_num_heads=3),
        node("Add", ["tokens", "mixed"], ["sum"]),
        node("ReduceMean", ["sum", "axes"], ["mean"], keepdims=0),
        node("MatMul", ["mean", "head"], ["logits"]),
    ], shared() + [weights("mask", 24, 24), ints("axes", 1)], 23, "sum", "mixed"),
    classifier("hand_einsum", patches + [
        node("Einsum", ["tokens", "q"], ["queries"], equation="btd,de->bte"),
        node("Einsum", ["k", "tokens"], ["keys"], equation="de,btd->bet"),
        node("Einsum", ["queries", "keys"], ["scores"], equation="b t e, b e s -> b t s"),
        node("Softmax", ["scores"], ["shares"], axis=-1),
        node("Einsum", ["shares", "tokens"], ["mixed"], equation="bts,bsd->bdt"),
        node("Reshape", ["mixed", "cells"], ["map"]),
        node("GlobalAveragePool", ["map"], ["pooled"]),
        node("Flatten", ["pooled"], ["vector"]),
        node("Einsum", ["vector", "head"], ["logits"], equation="bd,dc->bc"),
    ], shared() + [ints("cells", 1, 12, 4, 6)], 17, "map", "scores"),
    classifier("hand_erf", [
        node("Conv", ["image", "w"], ["patches"], strides=[4, 4]),
        node("Erf", ["patches"], ["error"]),
        # Rectified, so that some arguments are 0.
        node("Relu", ["patches"], ["positive"]), node("Erf", ["positive"], ["half"]),
        node("Mul", ["half", "patches"], ["gated"]), node("Mul", ["error", "channels"], ["scaled"]),
        node("Sub", ["gated", "error"], ["difference"]), node("Add", ["difference", "scaled"], ["sum"]),
        node("Erf", ["sum"], ["erf"]), node("Concat", ["erf", "sum"], ["map"], axis=1),
        node("ReduceL1", ["map"], ["norm"], axes=[2, 3], keepdims=0),
        node("Gemm", ["norm", "wide"], ["logits"]),
    ], [weights("w", 12, 3, 4, 4), weights("channels", 1, 12, 1, 1), weights("wide", 24, 10)], 17, "map", "gated"),
    classifier("hand_constants", [
        # Encoded positions, as XCiT and EdgeNeXt have them: sums of ones along rows and columns, and a 1x1 convolution of these.
        node("CumSum", ["ones", "two"], ["down"]), node("CumSum", ["ones", "three"], ["across"], reverse=1),
        node("CumSum", ["ones", "three"], ["before"], exclusive=1), node("CumSum", ["ones", "two"], ["behind"], exclusive=1, reverse=1),
        node("Concat", ["down", "across", "before", "behind"], ["places"], axis=1),
        node("Conv", ["places", "projection", "shift"], ["positions"]),
        # A table of biases by two indices, as LeViT has it.
        node("ScatterND", ["table", "where", "updates"], ["changed"]), node("GatherND", ["changed", "pairs"], ["biases"]),
        node("Conv", ["image", "w"], ["patches"], strides=[4, 4]),
        node("Add", ["patches", "positions"], ["placed"]), node("Mul", ["placed", "biases"], ["map"]),
        node("GlobalAveragePool", ["map"], ["pooled"]), node("Flatten", ["pooled"], ["vector"]),
        # EdgeNeXt's norms of channels, repeated for each of many cells.
        node("Reshape", ["map", "flat"], ["cells"]), node("ReduceL2", ["cells"], ["norm"], axes=[2]),
        node("Expand", ["norm", "wide"], ["norms"]), node("ReduceMean", ["norms"], ["mean"], axes=[2], keepdims=0),
        node("Add", ["vector", "mean"], ["sum"]), node("Gemm", ["sum", "head"], ["logits"]),
    ], [ints("flat", 1, 12, 24), ints("wide", 1, 12, 1100), weights("w", 12, 3, 4, 4), weights("projection", 12, 4, 1, 1), weights("shift", 12), weights("table", 5, 7, 6), weights("updates", 2, 6),
        numpy_helper.from_array(np.array([[4, 6], [-4, 2]], np.int64), "where"), weights("head", 12, 10),
        numpy_helper.from_array(np.ones((1, 1, 4, 6), np.float32), "ones"), ints("two", 2), ints("three", 3),
        numpy_helper.from_array(np.array([[[1, 2], [-1, -7], [4, 6], [0, 0]]], np.int64).reshape(1, 1, 4, 2), "pairs")], 17, "map", "patches"),
]
index = folder / "index.json"
models = [m for m in json.loads(index.read_text())["models"] if m["name"] not in [n["name"] for n in made]] + made
index.write_text('{"models": [\n' + ",\n".join(json.dumps(m) for m in models) + "\n]}\n")
