#!/usr/bin/env python3
"""Times class activation maps of ONNX files: ONNX Runtime and OpenVINO beside cam4j, on the files of full_size.py (cam-onnx/src/test/python).

  onnx_models.py run FOLDER NAME... --java 'java -cp CLASSPATH org.cam4j.benchmarks.Main worker --model {model} --input {input} --threads {threads} --batch 1'
                 [--threads 2] [--rounds 7] [--repeat 5]
  onnx_models.py worker SYSTEM MODEL INPUT LAYER THREADS      (started by run)

CLASSPATH has cam-onnx besides the benchmarks. cam4j starts first and names its target layer (LAYER, a tensor of the file). The others
compute this tensor and the logits; behind average pooling and one dense layer also the map of the best class (NumPy) and its bilinear
upsampling. For other heads the others' time is that of forward alone, cam4j's that of the whole map with its way back. All stay loaded and
are asked in turn, so that a change of the machine's speed hits all of them; each figure is the median of rounds, each the median of `repeat`
calls. PEERS_ORT names a python with onnx, onnxruntime and openvino.
"""
import argparse, os, statistics, subprocess, sys, time

from peers import quiet, upsampler


def head(graph, layer, logits):
    """The dense weights [classes, channels] if the logits are a Gemm of the layer's average over rows and columns; else None."""
    import onnx
    makers = {o: n for n in graph.node for o in n.output}
    constants = {i.name: i for i in graph.initializer}
    node = makers.get(logits)
    if node is None or node.op_type != "Gemm" or node.input[1] not in constants: return None
    weights = onnx.numpy_helper.to_array(constants[node.input[1]])
    before = makers.get(node.input[0])
    while before is not None and before.op_type in ("Flatten", "Reshape", "Squeeze", "Identity"): before = makers.get(before.input[0])
    isMean = before is not None and before.op_type in ("GlobalAveragePool", "ReduceMean") and before.input[0] == layer
    return weights if isMean and weights.ndim == 2 else None


def worker(system, file, array, layer, threads):
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import numpy as np, onnx
    x = np.ascontiguousarray(np.load(array).transpose(0, 3, 1, 2)); h, w = x.shape[2:]
    model = onnx.load(file, load_external_data=False); logits = model.graph.output[0].name
    onnx.load_external_data_for_model(model, os.path.dirname(file))
    W = head(model.graph, layer, logits)
    if layer != logits: model.graph.output.append(onnx.ValueInfoProto(name=layer))
    watched = f"{file}.{system}"; onnx.save(model, watched)
    if system == "onnxruntime":
        import onnxruntime as ort
        so = ort.SessionOptions(); so.intra_op_num_threads = threads; so.inter_op_num_threads = 1
        s = ort.InferenceSession(watched, so, providers=["CPUExecutionProvider"]); name = s.get_inputs()[0].name
        fwd = lambda: s.run([layer, logits], {name: x})
    else:
        import openvino as ov
        mod = ov.Core().read_model(watched)
        com = ov.Core().compile_model(mod, "CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1})
        req = com.create_infer_request()

        def fwd():
            o = req.infer({0: x}); return o[layer].copy(), o[logits].copy()
    os.remove(watched)
    A = B = None

    def cam():
        nonlocal A, B
        f, p = fwd()
        if W is None: return f
        if A is None: A, B = upsampler(np, f.shape[2], h), upsampler(np, f.shape[3], w)
        return A @ np.einsum("khw,k->hw", f[0], W[p[0].argmax()], optimize=True) @ B.T
    for _ in range(5): fwd(); cam()
    print("READY", "map" if W is not None else "forward", flush=True)
    for line in sys.stdin:
        t0 = time.perf_counter(); dict(forward=fwd, cam=cam)[line.strip()](); print("%.6f" % (time.perf_counter() - t0), flush=True)


def start(command):
    p = subprocess.Popen("exec " + command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)
    said = {}
    for line in p.stdout:
        key, _, rest = line.strip().partition(" "); said[key] = rest
        if key == "READY": return p, said
    return None, said


def asked(p, mode, repeat):
    took = []
    for _ in range(repeat): p.stdin.write(mode + "\n"); p.stdin.flush(); took.append(float(p.stdout.readline()))
    return statistics.median(took)


def run(folder, names, java, threads, rounds, repeat):
    import numpy as np
    print("| file | layer | cam4j, map | ONNX Runtime | OpenVINO | map: ratio to the faster | forward: cam4j | ONNX Runtime | OpenVINO | ratio |")
    for name in names:
        model, array = os.path.join(folder, name + ".onnx"), os.path.join(folder, name + ".input.npy")
        np.save(array, np.ascontiguousarray(np.load(os.path.join(folder, name + ".npz"))["input"][:1].transpose(0, 2, 3, 1)))
        first, said = start(java.format(model=model, input=array, threads=threads))
        if first is None: print(f"| {name} | cam4j did not start |", flush=True); continue
        procs, what = {"cam4j": first}, "map"
        for system in ("onnxruntime", "openvino"):
            p, told = start(f"{os.environ.get('PEERS_ORT', sys.executable)} {os.path.abspath(__file__)} worker {system} {model} {array} '{said['LAYER']}' {threads}")
            if p is None: print(f"{name}: {system} did not start", file=sys.stderr)
            else: procs[system], what = p, told["READY"]
        times = {}
        for _ in range(rounds):
            for system, p in procs.items():
                for mode in ("cam", "forward"):
                    quiet(); times.setdefault((system, mode), []).append(asked(p, mode, repeat))
        for p in procs.values(): p.stdin.close()
        for p in procs.values(): p.wait(30)
        os.remove(array)
        t = {key: 1000 * statistics.median(all) for key, all in times.items()}
        row = []
        for mode in ("cam", "forward"):
            three = [t.get((s, mode), float("nan")) for s in ("cam4j", "onnxruntime", "openvino")]
            row += ["%.1f" % v for v in three] + ["%.2f" % (three[0] / min(three[1:]))]
        print(f"| {name} ({what}) | {said['LAYER']} | " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter); s = a.add_subparsers(dest="do", required=True)
    q = s.add_parser("worker"); [q.add_argument(n) for n in ("system", "model", "input", "layer")]; q.add_argument("threads", type=int)
    q = s.add_parser("run"); q.add_argument("folder"); q.add_argument("names", nargs="+"); q.add_argument("--java", required=True)
    q.add_argument("--threads", type=int, default=2); q.add_argument("--rounds", type=int, default=7); q.add_argument("--repeat", type=int, default=5)
    o = a.parse_args()
    if o.do == "worker": worker(o.system, os.path.abspath(o.model), o.input, o.layer, o.threads)
    else: run(o.folder, o.names, o.java, o.threads, o.rounds, o.repeat)
