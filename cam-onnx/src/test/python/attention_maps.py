"""Computes attention rollout and LeGrad of the vision transformers among ../resources/classifiers; needs numpy, torch 2.15, onnx 1.23.

  python attention_maps.py

writes ../resources/maps/NAME.attention.npz for each of MODELS: rollout [rows, columns] and legrad [classes, rows, columns] of the first image of
NAME.npz. The file itself is run in float64 by PyTorch, node by node; constants are folded by onnx's own reference evaluator. Formulas:

  rollout (Abnar and Zuidema, ACL 2020): rows READ of the product over blocks of (mean of heads of the attention + identity) / 2, last block first
  legrad (Bousselham and others, ICCV 2025): mean over blocks, heads and attending tokens of max(d s_l / d attention_l, 0), s_l the logit that the
  head gives if the mean of the block's tokens stands in place of each token behind the last block (github.com/WalBouss/LeGrad, CLIP without text)
"""
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx.reference import ReferenceEvaluator

RESOURCES = Path(__file__).parent.parent / "resources"

# The tokens that the head reads, how many are in front of the cells, and the output of each of the two blocks.
MODELS = {
    "vit_mean_dyn18": (range(16), 0, ["add_2", "add_4"]),
    "vit_tv_dyn18": ([0], 1, ["add_2", "add_4"]),
    "deit_ts17": ([0, 1], 2, ["/blocks/blocks.0/Add_1_output_0", "/blocks/blocks.1/Add_1_output_0"]),
}
SIDE = 4


def perform(node, x):
    a = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
    kind = node.op_type
    if kind == "Conv":
        return torch.nn.functional.conv2d(*x, stride=a["strides"], padding=a["pads"][:2] if "pads" in a else 0, groups=a.get("group", 1))
    if kind == "LayerNormalization":
        return torch.nn.functional.layer_norm(x[0], x[1].shape, x[1], x[2] if len(x) > 2 else None, a.get("epsilon", 1e-5))
    if kind == "Gemm":
        left, right = x[0].T if a.get("transA") else x[0], x[1].T if a.get("transB") else x[1]
        return a.get("alpha", 1) * (left @ right) + (a.get("beta", 1) * x[2] if len(x) > 2 else 0)
    if kind == "Reshape":
        shape = [x[0].shape[i] if size == 0 else size for i, size in enumerate(x[1].tolist())]
        return x[0].reshape(shape)
    if kind == "Transpose":
        return x[0].permute(*a["perm"])
    if kind == "Concat":
        return torch.cat(x, a["axis"])
    if kind == "Split":
        return torch.split(x[0], x[1].tolist(), a.get("axis", 0)) if len(x) > 1 else torch.split(
            x[0], x[0].shape[a.get("axis", 0)] // len(node.output), a.get("axis", 0))
    if kind == "Slice":
        starts, ends, axes = x[1].tolist(), x[2].tolist(), x[3].tolist() if len(x) > 3 else range(len(x[1]))
        index = [slice(None)] * x[0].dim()
        for start, end, axis in zip(starts, ends, axes):
            index[axis] = slice(start, end)
        return x[0][tuple(index)]
    if kind == "Gather":
        axis = a.get("axis", 0) % x[0].dim()
        return x[0][(slice(None),) * axis + (x[1],)]
    if kind == "ReduceMean":
        axes = a["axes"] if "axes" in a else x[1].tolist()
        return x[0].mean(list(axes), keepdim=bool(a.get("keepdims", 1)))
    if kind == "Squeeze":
        return x[0].squeeze(tuple(x[1].tolist()))
    if kind == "Unsqueeze":
        for axis in sorted(x[1].tolist()):
            x[0] = x[0].unsqueeze(axis)
        return x[0]
    if kind == "Expand":
        return x[0].expand(torch.broadcast_shapes(x[0].shape, tuple(x[1].tolist())))
    if kind == "Flatten":
        return x[0].flatten(a.get("axis", 1))
    if kind == "Gelu":
        return torch.nn.functional.gelu(x[0], approximate=a.get("approximate", b"none").decode())
    if kind == "Softmax":
        return torch.softmax(x[0], a.get("axis", -1))
    simple = {"Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "MatMul": torch.matmul, "Erf": torch.erf,
              "Identity": lambda v: v, "Sqrt": torch.sqrt, "Cast": lambda v: v, "Pow": torch.pow}
    return simple[kind](*x)


class Network:
    def __init__(self, name):
        self.graph = onnx.load(str(RESOURCES / f"classifiers/{name}.onnx")).graph
        self.constants = {t.name: onnx.numpy_helper.to_array(t) for t in self.graph.initializer}

    def run(self, values, nodes):
        """Computes the outputs of nodes; values holds tensors of the image, the constants are NumPy's arrays."""
        for node in nodes:
            names = [i for i in node.input if i]
            if all(i in self.constants for i in names):
                self.fold(node, names)
            elif node.op_type == "Shape":
                self.constants[node.output[0]] = np.array(values[node.input[0]].shape)
            else:
                x = [values[i] if i in values else torch.from_numpy(np.array(self.constants[i])) for i in names]
                found = perform(node, [v.double() if v.is_floating_point() else v for v in x])
                values.update(zip(node.output, found if isinstance(found, tuple) else [found]))
        return values

    def fold(self, node, names):
        one = onnx.helper.make_graph([node], "one", [onnx.ValueInfoProto(name=i) for i in names], [onnx.ValueInfoProto(name=o) for o in node.output])
        model = onnx.helper.make_model(one, opset_imports=[onnx.helper.make_opsetid("", 18)])
        found = ReferenceEvaluator(model).run(None, {i: self.constants[i] for i in names})
        self.constants.update(zip(node.output, map(np.asarray, found)))


def maps(name, read, prefix, outputs):
    network = Network(name)
    nodes = list(network.graph.node)
    stored = np.load(RESOURCES / f"classifiers/{name}.npz")
    image = torch.from_numpy(stored["input"][:1]).double().requires_grad_()
    values = network.run({network.graph.input[0].name: image}, nodes)
    logits = values[network.graph.output[0].name]
    assert np.abs(logits.detach().numpy() - stored["logits"][:1]).max() < 1e-6
    shares = [values[node.output[0]] for node in nodes if node.op_type == "Softmax"]
    tokens = shares[0].shape[-1]

    product = torch.eye(tokens, dtype=torch.float64)
    for share in shares:
        product = (share[0].mean(0) + torch.eye(tokens)) / 2 @ product
    rollout = product[list(read)].mean(0)

    last = next(i for i, node in enumerate(nodes) if outputs[-1] in node.output)
    legrad = []
    for c in range(logits.shape[1]):
        total = 0
        for share, output in zip(shares, outputs):
            mean = values[output].mean(1, keepdim=True).expand_as(values[output])
            scores = network.run({outputs[-1]: mean}, nodes[last + 1:])[network.graph.output[0].name]
            (gradient,) = torch.autograd.grad(scores[0, c], share, retain_graph=True)
            total = total + gradient[0].clamp(min=0).mean((0, 1)) / len(shares)
        legrad.append(total)
    cells = slice(prefix, prefix + SIDE * SIDE)
    return {
        "rollout": rollout[cells].detach().numpy().reshape(SIDE, SIDE).astype(np.float32),
        "legrad": torch.stack(legrad)[:, cells].numpy().reshape(-1, SIDE, SIDE).astype(np.float32),
    }


for name, (read, prefix, outputs) in MODELS.items():
    np.savez_compressed(RESOURCES / f"maps/{name}.attention.npz", **maps(name, read, prefix, outputs))
