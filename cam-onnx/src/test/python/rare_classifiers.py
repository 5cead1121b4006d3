"""Makes classifiers of what the other scripts' lack: opset 7 with its old forms, functions of the model's own, a vision transformer
with registers, and CaiT; and their values by ONNX Runtime.

onnx 1.23, onnxruntime 1.32, numpy 2.4, torch 2.15, timm 1.0.31.  python rare_classifiers.py FOLDER
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import AttributeProto, TensorProto, helper, numpy_helper
from timm.models.cait import Cait
from timm.models.vision_transformer import VisionTransformer

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(7)
node = helper.make_node


def weights(name, *shape):
    scale = 1 / np.sqrt(np.prod(shape[1:]) if len(shape) > 1 else 4)
    return numpy_helper.from_array((random.standard_normal(shape) * scale).astype(np.float32), name)


def store(name, model, opset, producer, head, last, inner):
    onnx.checker.check_model(model)
    onnx.save(model, folder / f"{name}.onnx")
    image = model.graph.input[0]
    size = [d.dim_value or 1 for d in image.type.tensor_type.shape.dim]
    x = random.standard_normal(size).astype(np.float32)
    logits = model.graph.output[0].name
    model.graph.output.extend(helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in (last, inner))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    values = dict(zip(("logits", "last.activation", "inner.activation"), session.run([logits, last, inner], {image.name: x})))
    np.savez_compressed(folder / f"{name}.npz", input=x, **values)
    return {"name": name, "opset": opset, "producer": producer, "head": head,
            "output": {"name": logits, "kind": "logits", "logits_tensor": logits},
            "layers": {"last": {"tensor": last}, "inner": {"tensor": inner}}}


def written(name, nodes, constants, opsets, functions=(), version=10, constants_are_inputs=False):
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 16, 24])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 5])
    graph = helper.make_graph(nodes, name, [image], [logits], constants)
    if constants_are_inputs:
        graph.input.extend(helper.make_tensor_value_info(t.name, TensorProto.FLOAT, list(t.dims)) for t in constants)
    opsets = [helper.make_opsetid(domain, number) for domain, number in opsets]
    return helper.make_model(graph, opset_imports=opsets, functions=functions, ir_version=version)


def opset7():
    """Scales of Upsample and bounds of Clip as attributes, an axis of broadcasting that is none, the mask of Dropout."""
    variance = weights("variance", 8)
    variance.CopyFrom(numpy_helper.from_array(np.abs(numpy_helper.to_array(variance)) + 0.5, "variance"))
    nodes = [
        node("Conv", ["image", "w", "b"], ["first"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("BatchNormalization", ["first", "scale", "shift", "mean", "variance"], ["normal"], epsilon=1e-3),
        node("Relu", ["normal"], ["positive"]),
        node("Dropout", ["positive"], ["kept", "mask"], ratio=0.3),
        node("Upsample", ["kept"], ["large"], mode="nearest", scales=[1.0, 1.0, 2.0, 2.0]),
        node("Conv", ["large", "w2"], ["second"], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("Clip", ["second"], ["clipped"], min=0.0, max=6.0),
        node("AveragePool", ["clipped"], ["pooled"], kernel_shape=[8, 12]),
        node("Flatten", ["pooled"], ["vector"]),
        node("Gemm", ["vector", "W", "B"], ["logits"], transB=1),
    ]
    constants = [weights("w", 8, 3, 3, 3), weights("b", 8), weights("scale", 8), weights("shift", 8), weights("mean", 8), variance,
                 weights("w2", 12, 8, 3, 3), weights("W", 5, 12), weights("B", 5)]
    model = written("hand_opset7", nodes, constants, [("", 7)], version=3, constants_are_inputs=True)
    return store("hand_opset7", model, 7, "onnx 1.23", "average pooling, dense", "clipped", "large")


def functions():
    """A function that calls another, twice, with an attribute that the caller gives."""
    swish = helper.make_function(
        "own", "Swish", ["a"], ["o"], [node("Sigmoid", ["a"], ["s"]), node("Mul", ["a", "s"], ["o"])], [helper.make_opsetid("", 18)])
    leaky = node("LeakyRelu", ["c"], ["l"])
    leaky.attribute.append(AttributeProto(name="alpha", ref_attr_name="slope", type=AttributeProto.FLOAT))
    block = helper.make_function(
        "own", "Block", ["a", "w"], ["o"],
        [node("Conv", ["a", "w"], ["c"], pads=[1, 1, 1, 1]), leaky, node("Swish", ["l"], ["o"], domain="own")],
        [helper.make_opsetid("", 18), helper.make_opsetid("own", 1)], ["slope"])
    nodes = [
        node("Block", ["image", "w"], ["inner"], domain="own", slope=0.2),
        node("Block", ["inner", "w2"], ["last"], domain="own", slope=0.05),
        node("GlobalAveragePool", ["last"], ["pooled"]),
        node("Flatten", ["pooled"], ["vector"]),
        node("Gemm", ["vector", "W", "B"], ["logits"]),
    ]
    constants = [weights("w", 8, 3, 3, 3), weights("w2", 12, 8, 3, 3), weights("W", 12, 5), weights("B", 5)]
    model = written("hand_functions", nodes, constants, [("", 18), ("own", 1)], [swish, block])
    return store("hand_functions", model, 18, "onnx 1.23", "gap, dense", "last", "inner")


def exported(name, network, head, last, inner):
    torch.manual_seed(7)
    network.eval()
    for weight in network.parameters():
        noise = torch.randn_like(weight)
        weight.data = weight.data + 0.05 * noise if weight.dim() == 1 else 0.2 * noise
    torch.onnx.export(network, torch.zeros(1, 3, 32, 48), folder / f"{name}.onnx", opset_version=17, dynamo=False,
                      input_names=["image"], output_names=["logits"])
    return store(name, onnx.load(folder / f"{name}.onnx"), 17, "pytorch " + torch.__version__.split("+")[0], head, last, inner)


small = dict(img_size=(32, 48), patch_size=8, embed_dim=12, depth=2, num_heads=3, num_classes=5)
made = [
    opset7(),
    functions(),
    exported("vit_registers_ts17", VisionTransformer(reg_tokens=3, **small), "class token, layer norm, dense",
             "/blocks/blocks.0/Add_1_output_0", "/patch_embed/proj/Conv_output_0"),
    exported("cait_ts17", Cait(**small), "class attention, layer norm, dense",
             "/blocks/blocks.1/Add_1_output_0", "/blocks/blocks.0/Add_1_output_0"),
]
index = folder / "index.json"
models = [m for m in json.loads(index.read_text())["models"] if m["name"] not in [n["name"] for n in made]] + made
index.write_text('{"models": [\n' + ",\n".join(json.dumps(m) for m in models) + "\n]}\n")
