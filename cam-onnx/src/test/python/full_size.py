"""Exports full-size classifiers of torchvision and timm with random weights and stores what ONNX Runtime computes of them.

  python full_size.py FOLDER [NAME ...]

needs torch, torchvision, timm, onnx, onnxscript, onnxruntime (written with 2.15, 0.29, 1.0.31, 1.23, 0.7, 1.32). Without names, all of MODELS.
For each model and each of PyTorch's two exporters (script: TorchScript, opset 17; dynamo: torch.export, opset 18), FOLDER gets
NAME_EXPORTER.onnx and .npz: input [1, 3, h, w]; logits, last.activation and inner.activation by ONNX Runtime without graph optimization; and
exact.logits by PyTorch in float64. index.json names the tensors, in the form that ../resources/classifiers/README.md describes, with noise: the
distances of ONNX Runtime's own values with all graph optimizations from those without, which show how far single precision alone moves them.

Statistics of batch normalization are those of two random images, so that activations neither vanish nor explode; what begins as zeros is random.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

MODELS = [
    "tv:alexnet", "tv:vgg11_bn", "tv:resnet18", "tv:resnet50", "tv:resnext50_32x4d", "tv:wide_resnet50_2", "tv:densenet121", "tv:inception_v3",
    "tv:googlenet", "tv:squeezenet1_1", "tv:mobilenet_v2", "tv:mobilenet_v3_large", "tv:mnasnet1_0", "tv:shufflenet_v2_x1_0",
    "tv:efficientnet_b0", "tv:efficientnet_v2_s", "tv:regnet_y_400mf", "tv:convnext_tiny", "tv:vit_b_16", "tv:swin_t", "tv:swin_v2_t", "tv:maxvit_t",
    "timm:resnetv2_50", "timm:resnet50d", "timm:seresnet50", "timm:ghostnet_100", "timm:mixnet_s", "timm:hrnet_w18", "timm:dpn68",
    "timm:vit_tiny_patch16_224", "timm:deit3_small_patch16_224", "timm:beit_base_patch16_224", "timm:cait_xxs24_224", "timm:mixer_s32_224", "timm:xcit_nano_12_p16_224",
    "timm:convnextv2_atto", "timm:edgenext_xx_small", "timm:mobilevit_xxs", "timm:mobilevitv2_050", "timm:efficientformer_l1",
    "timm:poolformer_s12", "timm:levit_128s", "timm:repvgg_a0", "timm:fastvit_t8", "timm:tf_efficientnet_b0", "timm:rexnet_100",
    "timm:nfnet_f0", "timm:coatnet_nano_rw_224", "timm:pvt_v2_b0", "timm:mobilenetv4_conv_small", "timm:visformer_tiny", "timm:vovnet39a", "timm:gmlp_s16_224",
]  # fmt: skip


def model(name):
    library, architecture = name.split(":")
    torch.manual_seed(sum(map(ord, name)))
    if library == "tv":
        import torchvision

        options = {"init_weights": True} if architecture in ("inception_v3", "googlenet") else {}
        made = getattr(torchvision.models, architecture)(weights=None, **options)
        size = 299 if architecture == "inception_v3" else 224
    else:
        import timm

        made = timm.create_model(architecture, pretrained=False)
        size = made.default_cfg["input_size"][-1]
    with torch.no_grad():
        for parameter in made.parameters():
            # Heads of zeros and scales of 1e-6, as networks begin training, would hide what is in front of them.
            if parameter.numel() > 1 and parameter.std() < 1e-5 and parameter.abs().max() < 0.2:
                parameter.normal_(0, 0.05) if parameter.abs().max() == 0 else parameter.uniform_(0.2, 0.4)
    calibrated(made, size)
    return made.eval(), size


def calibrated(made, size):
    """Takes the statistics of batch normalization of a random batch, so that activations of deep networks stay of one size."""
    norms = [m for m in made.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    if norms:
        made.train()
        for norm in norms:
            norm.momentum = None
            norm.reset_running_stats()
        with torch.no_grad():
            made(torch.randn(2, 3, size, size))


def export(made, size, exporter, file):
    image = torch.randn(1, 3, size, size)
    options = {"opset_version": 17, "dynamo": False} if exporter == "script" else {"opset_version": 18, "dynamo": True, "verbose": False}
    torch.onnx.export(made, (image,), str(file), input_names=["input"], output_names=["output"], **options)
    return image.numpy()


def tensors(graph, shapes):
    """Two tensors inside: the last and a middle one of those with several cells that only go forward."""
    made = [output for node in graph.node for output in node.output if len(shapes.get(output, ())) in (3, 4)]
    wide = [name for name in made if int(np.prod(shapes[name][1:])) > shapes[name][1] and 1 == shapes[name][0]]
    return wide[-1], wide[len(wide) // 2]


def results(file, image):
    loaded = onnx.load(str(file))
    inferred = onnx.shape_inference.infer_shapes(loaded, data_prop=True)
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in inferred.graph.value_info
              if v.type.tensor_type.elem_type == onnx.TensorProto.FLOAT}
    last, inner = tensors(loaded.graph, shapes)
    output = loaded.graph.output[0].name
    for name in (last, inner):
        loaded.graph.output.append(onnx.ValueInfoProto(name=name))
    watched = file.with_name("watched.onnx")
    onnx.save(loaded, str(watched), save_as_external_data=True, location="watched.data")
    values = []
    for level in (onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL, onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        options.graph_optimization_level = level
        values.append(onnxruntime.InferenceSession(str(watched), options).run([output, last, inner], {"input": image}))
    watched.unlink()
    watched.with_name("watched.data").unlink(missing_ok=True)
    noise = [float(np.linalg.norm(a - b) / np.linalg.norm(a)) for a, b in zip(*values)]
    return (output, last, inner), values[0], noise


def main(folder, names):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.json"
    entries = json.loads(index.read_text())["models"] if index.exists() else []
    warnings.filterwarnings("ignore")
    for name in names or MODELS:
        for exporter in ("script", "dynamo"):
            title = name.replace(":", "_") + "_" + exporter
            if any(entry["name"] == title for entry in entries):
                continue
            try:
                made, size = model(name)
                file = folder / (title + ".onnx")
                image = export(made, size, exporter, file)
                (output, last, inner), values, noise = results(file, image)
                with torch.no_grad():
                    exact = made.double()(torch.from_numpy(image).double()).numpy()
            except Exception as error:  # An exporter's own refusal.
                print(f"{title}: not exported: {type(error).__name__} {str(error)[:150]}", flush=True)
                continue
            np.savez(
                folder / (title + ".npz"),
                input=image,
                logits=values[0],
                **{"last.activation": values[1], "inner.activation": values[2], "exact.logits": exact.astype(np.float32)},
            )
            entries.append({"name": title, "output": {"logits_tensor": output},
                            "layers": {"last": {"tensor": last}, "inner": {"tensor": inner}}, "noise": noise})
            index.write_text(json.dumps({"models": entries}, indent=1))
            print(f"{title}: {image.shape[-1]}, logits {values[0].std():.2g}, last {values[1].std():.2g}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
