"""Writes two small classifiers of operators on integers, as ONNX Runtime's quantizer makes them, and what they compute.

onnx 1.23, onnxruntime 1.32, numpy 2.4.  python integer_operators.py FOLDER

quantized_static: QLinearConv, QGemm, com.microsoft.QLinearAdd ...; quantized_dynamic: DynamicQuantizeLinear, ConvInteger, MatMulInteger.
The values are ONNX Runtime's of the same weights with floats in place of the integers: cut to the integers' range where that is fixed,
not rounded. The integer models' own logits are printed beside them.
"""
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

folder = Path(sys.argv[1])
random = np.random.default_rng(5)


def weight(name, *dims):
    spread = np.sqrt(2 / np.prod(dims[1:])) if len(dims) > 1 else 0.1
    return numpy_helper.from_array((random.standard_normal(dims) * spread).astype(np.float32), name)


def float_model(path):
    node = helper.make_node
    nodes = [
        node("Conv", ["image", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("Relu", ["c1"], ["r1"]),
        node("MaxPool", ["r1"], ["p1"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Conv", ["p1", "w2", "b2"], ["c2"], group=16, pads=[1, 1, 1, 1]),
        node("LeakyRelu", ["c2"], ["r2"], alpha=0.1),
        node("Conv", ["r2", "w3", "b3"], ["c3"]),
        node("Sigmoid", ["c3"], ["s3"]),
        node("Mul", ["c3", "s3"], ["m3"]),
        node("Conv", ["p1", "w4"], ["c4"]),
        node("Add", ["m3", "c4"], ["a4"]),
        node("Relu", ["a4"], ["r4"]),
        node("AveragePool", ["r4"], ["p4"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1),
        node("Conv", ["p4", "w5", "b5"], ["c5"]),
        node("Concat", ["c5", "r4"], ["joined"], axis=1),
        node("GlobalAveragePool", ["joined"], ["means"]),
        node("Reshape", ["means", "row shape"], ["row"]),
        node("Gemm", ["row", "w6", "b6"], ["hidden"], transB=1),
        node("MatMul", ["hidden", "w7"], ["logits"]),
    ]
    weights = [
        weight("w1", 16, 3, 3, 3), weight("b1", 16), weight("w2", 16, 1, 3, 3), weight("b2", 16), weight("w3", 24, 16, 1, 1),
        weight("b3", 24), weight("w4", 24, 16, 1, 1), weight("w5", 24, 24, 1, 1), weight("b5", 24), weight("w6", 6, 48),
        weight("b6", 6), weight("w7", 6, 5), numpy_helper.from_array(np.array([0, -1]), "row shape"),
    ]
    graph = helper.make_graph(
        nodes, "small", [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 5])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, path)


class Images(CalibrationDataReader):
    def __init__(self):
        self.left = iter([{"image": random.standard_normal((1, 3, 32, 32)).astype(np.float32)} for _ in range(8)])

    def get_next(self):
        return next(self.left, None)


def as_floats(model):
    """Returns the model with floats in place of the integers; each integer tensor's name is that of its float."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    nodes, weights = [], []

    def stored(name, value):
        weights.append(numpy_helper.from_array(np.asarray(value, dtype=np.float32), name))
        return name

    def spread(scale, axis, rank):
        return scale.reshape([-1 if i == axis % rank else 1 for i in range(rank)]) if scale.ndim == 1 and scale.size > 1 else scale

    def floats(node, index, axis=0):
        """Weights are dequantized; tensors of the image are floats already."""
        name = node.input[index]
        if name not in constants:
            return name
        value = constants[name].astype(np.float64)
        scale, zero = constants[node.input[index + 1]], constants[node.input[index + 2]]
        return stored(f"{node.output[0]} {index}", (value - spread(zero.astype(np.float64), axis, value.ndim)) * spread(scale, axis, value.ndim))

    def bias(node, index, scale, other):
        if index >= len(node.input) or not node.input[index]:
            return []
        return [stored(f"{node.output[0]} bias", constants[node.input[index]] * (constants[node.input[scale]] * constants[node.input[other]]))]

    def cut(node, floats_name, scale, zero):
        scale, zero = constants[node.input[scale]], constants[node.input[zero]]
        kind = np.iinfo(zero.dtype)
        bounds = [stored(f"{node.output[0]} {i}", (float(end) - float(zero)) * float(scale)) for i, end in enumerate((kind.min, kind.max))]
        nodes.append(helper.make_node("Clip", [floats_name, *bounds], [node.output[0]]))

    def through(node, operator, inputs, at):
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute if attribute.name != "channels_last"}
        nodes.append(helper.make_node(operator, inputs, [node.output[0] + " uncut"], **attributes))
        cut(node, node.output[0] + " uncut", at, at + 1)

    for node in model.graph.node:
        kind = node.op_type
        if kind == "QuantizeLinear":
            cut(node, node.input[0], 1, 2)
        elif kind == "DequantizeLinear":
            nodes.append(helper.make_node("Identity", [node.input[0]], [node.output[0]]))
        elif kind == "QLinearConv":
            through(node, "Conv", [floats(node, 0), floats(node, 3, 0), *bias(node, 8, 1, 4)], 6)
        elif kind == "QGemm":
            through(node, "Gemm", [floats(node, 0), floats(node, 3, 0), *bias(node, 6, 1, 4)], 7)
        elif kind == "QLinearMatMul":
            through(node, "MatMul", [floats(node, 0), floats(node, 3, -1)], 6)
        elif kind in ("QLinearAdd", "QLinearMul"):
            through(node, kind[7:], [floats(node, 0), floats(node, 3)], 6)
        elif kind == "QLinearConcat":
            through(node, "Concat", [floats(node, i) for i in range(2, len(node.input), 3)], 0)
        elif kind.startswith("QLinear"):
            through(node, kind[7:], [floats(node, 0)], 3)
        elif kind == "DynamicQuantizeLinear":
            nodes.append(helper.make_node("Identity", [node.input[0]], [node.output[0]]))
            stored(node.output[1], 1)
            constants[node.output[2]] = np.uint8(0)
        elif kind in ("ConvInteger", "MatMulInteger"):
            axis = 0 if kind == "ConvInteger" else -1
            value = constants[node.input[1]].astype(np.float64)
            zero = constants[node.input[3]].astype(np.float64) if len(node.input) > 3 else np.float64(0)
            centred = stored(node.output[0] + " weights", value - spread(zero, axis, value.ndim))
            attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
            nodes.append(helper.make_node(kind[:-7], [node.input[0], centred], [node.output[0]], **attributes))
        elif kind == "Cast":
            nodes.append(helper.make_node("Identity", [node.input[0]], [node.output[0]]))
        else:
            nodes.append(node)
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    del changed.graph.node[:]
    changed.graph.node.extend(nodes)
    changed.graph.initializer.extend(weights)
    return changed


def store(name, model, last, inner):
    onnx.save(model, folder / f"{name}.onnx")
    # A little less than the calibration images, so that no score is cut.
    image = (0.8 * random.standard_normal((2, 3, 32, 32))).astype(np.float32)
    changed = as_floats(model)
    del changed.graph.output[:]
    changed.graph.output.extend(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None) for tensor in ("logits", last, inner))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(changed.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found = [np.concatenate(part) for part in zip(*(session.run(None, {"image": image[i:i + 1]}) for i in range(2)))]
    integers = onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    print(name, "floats", found[0], "integers", [integers.run(["logits"], {"image": image[i:i + 1]})[0] for i in range(2)])
    np.savez_compressed(folder / f"{name}.npz", input=image, logits=found[0], **{"last.activation": found[1], "inner.activation": found[2]})


with tempfile.TemporaryDirectory() as work:
    plain, made = Path(work) / "float.onnx", Path(work) / "made.onnx"
    float_model(plain)
    quantize_static(plain, made, Images(), quant_format=QuantFormat.QOperator, per_channel=True, weight_type=QuantType.QInt8,
                    activation_type=QuantType.QUInt8)
    store("quantized_static", onnx.load(made), "joined_quantized", "p1_quantized")
    quantize_dynamic(plain, made, weight_type=QuantType.QInt8)
    store("quantized_dynamic", onnx.load(made), "joined", "p1")
