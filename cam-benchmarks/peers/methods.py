#!/usr/bin/env python3
"""Times explanation methods on this machine's CPU: pytorch-grad-cam, torch-cam and captum beside cam4j on the same ONNX file.

  methods.py prepare DIR [vgg19 resnet50 mobilenet_v2]    torchvision's networks with random, tame weights: DIR/NET.onnx, DIR/NET.npy (the image)
  methods.py run DIR --java 'COMMAND' [--nets ...] [--methods ...] [--threads 2] [--rounds 7] [--json OUT]

One process of Python and one of Java stay loaded and are asked in turn, method by method, so that a change of the machine's speed hits
both; methods come one after the other, so compare numbers within a line. The explainer object is made and released for each map, as in pytorch-grad-cam's README. A map is enlarged to the image. COMMAND is
run by a shell with {model} {input} {threads} replaced: `java -cp ... org.cam4j.benchmarks.Main methods --model {model} --input {input}
--threads {threads}`. Printed: medians in seconds, and cam4j's time as a share of the fastest library's.

Needs torch, torchvision, grad-cam 1.5.7, torchcam 0.5.0, captum 0.9.0, onnx, onnxscript (setup.sh DIR methods).
"""
import argparse, json, os, statistics, subprocess, sys, time, warnings

warnings.filterwarnings("ignore")
NETS = ("vgg19", "resnet50", "mobilenet_v2")
FAST = ("forward", "cam", "grad-cam", "hires-cam", "layer-cam", "eigen-cam")
SLOW = ("score-cam", "ablation-cam")
WARM_UP = 5   # seconds, for each method


def make(name):
    """A network in evaluation mode and its last layer with cells."""
    import torch, torchvision
    from torch import nn
    model = getattr(torchvision.models, name)(weights=None)
    g = torch.Generator().manual_seed(20)
    with torch.no_grad():
        for m in model.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                m.weight.normal_(0, (2 / m.weight[0].numel()) ** 0.5, generator=g)
                if m.bias is not None: m.bias.normal_(0, 0.02, generator=g)
            elif isinstance(m, nn.BatchNorm2d):
                m.running_mean.normal_(0, 0.1, generator=g)
                m.running_var.normal_(1, 0.2, generator=g).clamp_(0.5, 1.5)
                m.weight.normal_(1, 0.1, generator=g)
                m.bias.normal_(0, 0.05, generator=g)
        for m in model.modules():
            if hasattr(m, "bn3"): m.bn3.weight.mul_(0.3)   # residual branches small, so that 16 blocks do not explode
    # Activations in place would change what hooks have seen.
    for m in model.modules():
        if hasattr(m, "inplace"): m.inplace = False
    layer = {"vgg19": lambda: model.features[35], "resnet50": lambda: model.layer4[-1],
             "mobilenet_v2": lambda: model.features[18]}[name]()
    return model.eval(), layer


def prepare(folder, nets):
    import numpy as np, torch
    os.makedirs(folder, exist_ok=True)
    for name in nets:
        model, _ = make(name)
        x = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(7))
        np.save(os.path.join(folder, name + ".npy"), x.numpy())
        torch.onnx.export(model, x, os.path.join(folder, name + ".onnx"), input_names=["input"], output_names=["logits"],
                          opset_version=17, dynamo=False)
        print(name, "written", flush=True)


class Peers:
    """The libraries' ways to make one map of the best class, by method."""

    def __init__(self, name, x, threads):
        import torch
        torch.set_num_threads(threads)
        self.torch, self.x = torch, x
        self.model, self.layer = make(name)
        with torch.no_grad(): self.best = int(self.model(x).argmax())

    def forward(self):
        with self.torch.no_grad(): return self.model(self.x)

    def grad_cam(self, kind):
        from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
        cam = kind(model=self.model, target_layers=[self.layer])
        try: return cam(input_tensor=self.x, targets=[ClassifierOutputTarget(self.best)])
        finally: cam.activations_and_grads.release()

    def torch_cam(self, kind):
        with kind(self.model, self.layer) as cam: return cam(self.best, self.model(self.x))

    def captum(self):
        from captum.attr import LayerGradCam, LayerAttribution
        found = LayerGradCam(self.model, self.layer).attribute(self.x, self.best)
        return LayerAttribution.interpolate(found, (224, 224), "bilinear")

    def of(self, method):
        import pytorch_grad_cam as pgc, torchcam.methods as tc
        found = {"forward": {"torch": self.forward},
                 "grad-cam": {"pytorch-grad-cam": lambda: self.grad_cam(pgc.GradCAM), "torch-cam": lambda: self.torch_cam(tc.GradCAM),
                              "captum": self.captum},
                 "hires-cam": {"pytorch-grad-cam": lambda: self.grad_cam(pgc.HiResCAM)},
                 "layer-cam": {"pytorch-grad-cam": lambda: self.grad_cam(pgc.LayerCAM), "torch-cam": lambda: self.torch_cam(tc.LayerCAM)},
                 "eigen-cam": {"pytorch-grad-cam": lambda: self.grad_cam(pgc.EigenCAM)},
                 "score-cam": {"pytorch-grad-cam": lambda: self.grad_cam(pgc.ScoreCAM), "torch-cam": lambda: self.torch_cam(tc.ScoreCAM)},
                 "ablation-cam": {"pytorch-grad-cam": lambda: self.grad_cam(pgc.AblationCAM)}}
        return found.get(method, {})


def run(a):
    import numpy as np, torch
    os.environ["TQDM_DISABLE"] = "1"
    rows = []
    for name in a.nets:
        path = os.path.join(a.dir, name)
        peers = Peers(name, torch.from_numpy(np.load(path + ".npy")), a.threads)
        command = a.java.format(model=path + ".onnx", input=path + ".npy", threads=a.threads)
        java = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = []
        while not said or not said[-1].startswith("READY"):
            said.append(java.stdout.readline())
            if not said[-1]: sys.exit("the Java worker said: " + "".join(said))
        ready = said[-1]
        if int(ready.split()[1]) != peers.best: sys.exit("the best class differs: %s, torch says %d" % (ready, peers.best))

        def cam4j(method):
            java.stdin.write(method + "\n"); java.stdin.flush()
            return float(java.stdout.readline())

        def timed(call):
            start = time.perf_counter(); call(); return time.perf_counter() - start

        for method in a.methods:
            slow = method in SLOW
            ways = peers.of(method)
            times = {"cam4j": [], **{w: [] for w in ways}}
            if not slow:
                # A running service is asked for; the compiler of a JVM needs seconds to be done.
                end = time.time() + WARM_UP
                while time.time() < end: cam4j(method)
                for way in ways.values(): way(); way()
            for _ in range(1 if slow else a.rounds):
                times["cam4j"].append(cam4j(method))
                for way, call in ways.items(): times[way].append(timed(call))
            medians = {w: statistics.median(t) for w, t in times.items() if t}
            best = min((t for w, t in medians.items() if w != "cam4j"), default=None)
            share = "" if best is None else "  %.2f of the fastest" % (medians["cam4j"] / best)
            print("%-13s %-13s %s%s" % (name, method, "  ".join("%s %.3f" % (w, t) for w, t in medians.items()), share), flush=True)
            rows.append(dict(net=name, method=method, medians=medians, times=times))
        java.stdin.close(); java.wait()
    if a.json: json.dump(rows, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    s = p.add_subparsers(dest="verb", required=True)
    q = s.add_parser("prepare"); q.add_argument("dir"); q.add_argument("nets", nargs="*", default=NETS)
    q = s.add_parser("run"); q.add_argument("dir"); q.add_argument("--java", required=True)
    q.add_argument("--nets", nargs="*", default=NETS); q.add_argument("--methods", nargs="*", default=FAST + SLOW)
    q.add_argument("--threads", type=int, default=2); q.add_argument("--rounds", type=int, default=7); q.add_argument("--json")
    a = p.parse_args()
    prepare(a.dir, a.nets) if a.verb == "prepare" else run(a)
