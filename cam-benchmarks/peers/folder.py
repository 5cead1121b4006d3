#!/usr/bin/env python3
"""Times a folder of photos from files to results on disk: Pillow (or OpenCV) and ONNX Runtime in Python beside cam4j's command line.

  folder.py photos FROM TO [--count 40] [--long 4032]    writes JPEGs of 12 megapixels, made of the photos in FROM with a little noise, so
                                                         that files have the size of a phone's; never commit them
  folder.py run PHOTOS NET --cam4j NAME='java -jar cam4j.jar explain --model MODEL --out {out} {options} {photos}' [--cam4j ...]
                [--overlay] [--systems decode,pillow,opencv] [--first 40] [--threads 2] [--rounds 3] [--keep DIR]

NET is a folder of `peers.py prepare`. Each system does the same job for every photo of PHOTOS: decode, resize to the network's input
without antialiasing (what cam4j does, tf.image.resize's bilinear), preprocess (`--scale`, `--offset`), run the network, take the map of
the best class and its box at 20 % of the maximum on the photo's pixels, write the map (.npy) and a JSON file, and with --overlay a
picture of at most 1600 pixels (JPEG in Python, whose PNG of that size takes far longer; for cam4j --overlay-format jpeg). Python works on
as many photos at once as there are threads, one ONNX Runtime session of one thread each. `decode` is Pillow's decoding and (antialiased)
resizing alone. `--first` takes that many photos of the folder.

Systems take turns, so that a change of the machine's speed hits all. Printed: photos a second from the first to the last, the start of
process and model left out, medians; the rate of each cam4j command also as a multiple of each peer's; whether the best classes agree.
"""
import argparse, json, os, re, shlex, shutil, statistics, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor

LONGEST = 1600


def listed(folder): return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.lower().endswith((".jpg", ".jpeg", ".png"))]


def make(source, target, count, long):
    import numpy as np
    from PIL import Image
    os.makedirs(target, exist_ok=True)
    names, rng = listed(source), np.random.default_rng(1)
    for i in range(count):
        image = Image.open(names[i % len(names)]).convert("RGB")
        w, h = image.size
        size = (long, long * 3 // 4) if w >= h else (long * 3 // 4, long)
        a = np.asarray(image.resize(size, Image.Resampling.BICUBIC)).astype("f4")
        a += rng.standard_normal(a.shape[:2] + (1,), dtype="f4") * 7
        Image.fromarray(np.clip(a, 0, 255).astype("u1")).save(os.path.join(target, f"photo{i:03d}.jpg"), quality=82, subsampling="4:2:0")


def taps(np, photo, size):
    """Bilinear interpolation without antialiasing: the two pixels of each input pixel, and the second one's weight."""
    at = (np.arange(size) + .5) * photo / size - .5
    low = np.clip(np.floor(at).astype(int), 0, photo - 1)
    return low, np.minimum(low + 1, photo - 1), np.clip(at - low, 0, 1).astype("f4")


def resized(np, pixels, h, w):
    y0, y1, wy = taps(np, pixels.shape[0], h); x0, x1, wx = taps(np, pixels.shape[1], w)
    wx = wx[None, :, None]; wy = wy[:, None, None]
    rows = lambda y: pixels[y[:, None], x0].astype("f4") * (1 - wx) + pixels[y[:, None], x1].astype("f4") * wx
    return rows(y0) * (1 - wy) + rows(y1) * wy


def dense(net):
    """The weights of the dense layer, [channels, classes]; kept beside the model, so that a start need not import the onnx package."""
    import numpy as np
    kept = os.path.join(net, "weights.npy")
    if not os.path.exists(kept):
        import onnx
        classes = np.load(os.path.join(net, "probabilities.npy")).shape[1]
        for init in onnx.load(os.path.join(net, "model.onnx")).graph.initializer:
            a = onnx.numpy_helper.to_array(init)
            if a.ndim == 2 and a.shape[1] == classes: np.save(kept, a)
    return np.load(kept)


class Peer:
    """One photo's job in Python. Decoders and resizers release Python's lock, so that threads help."""

    def __init__(self, net, opencv, scale, offset, threads=1, ending=".jpg"):
        import numpy as np, onnxruntime as ort
        self.np, self.opencv, self.scale, self.offset, self.ending = np, opencv, scale, offset, ending
        meta = json.load(open(os.path.join(net, "meta.json")))
        self.h, self.w = meta["shape"][1:3]
        self.weights = dense(net)
        options = ort.SessionOptions(); options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self.session = ort.InferenceSession(os.path.join(net, "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        if opencv:
            import cv2
            cv2.setNumThreads(1)

    def decode(self, file):
        if self.opencv:
            import cv2
            return cv2.cvtColor(cv2.imread(file, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        from PIL import Image
        return self.np.asarray(Image.open(file).convert("RGB"))

    def enlarged(self, map, height, width):
        if self.opencv:
            import cv2
            return cv2.resize(map, (width, height), interpolation=cv2.INTER_LINEAR)
        from PIL import Image
        return self.np.asarray(Image.fromarray(map).resize((width, height), Image.Resampling.BILINEAR))

    def box(self, large):
        mask = large > large.max() * .2
        if self.opencv:
            import cv2
            _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype("u1"), connectivity=8)
            x, y, w, h, _ = max(stats[1:], key=lambda s: s[4])
            return [int(v) for v in (x, y, x + w, y + h)]
        # Without OpenCV or SciPy: the box of all, which is less work.
        rows, columns = self.np.flatnonzero(mask.any(1)), self.np.flatnonzero(mask.any(0))
        return [int(v) for v in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)]

    def overlay(self, pixels, map, file):
        np = self.np
        from PIL import Image
        height, width = pixels.shape[:2]; s = min(1, LONGEST / max(height, width)); size = round(width * s), round(height * s)
        if self.opencv:
            import cv2
            photo = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        else:
            photo = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
        heat = np.maximum(self.enlarged(map, size[1], size[0]), 0); heat = heat / heat.max()
        colours = np.stack([np.clip(1.5 - abs(4 * np.linspace(0, 1, 256) - c), 0, 1) for c in (3, 2, 1)], 1).astype("f4") * 255
        alpha = (.6 * np.power(heat, .8))[..., None]
        picture = (photo * (1 - alpha) + colours[(heat * 255).astype("u1")] * alpha).astype("u1")
        if self.opencv:
            import cv2
            cv2.imwrite(file, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])
        else:
            Image.fromarray(picture).save(file, quality=90, compress_level=1)

    def photo(self, file, out, with_overlay):
        np = self.np
        pixels = self.decode(file)
        x = resized(np, pixels, self.h, self.w) * self.scale + self.offset
        f, p = self.session.run(["features", "probabilities"], {self.input: x[None].astype("f4")})
        best = int(p[0].argmax())
        map = np.ascontiguousarray(f[0] @ self.weights[:, best])
        name = os.path.join(out, os.path.splitext(os.path.basename(file))[0])
        box = self.box(self.enlarged(map, *pixels.shape[:2]))
        if with_overlay: self.overlay(pixels, map, f"{name}-{best}{self.ending}")
        np.save(f"{name}-{best}.npy", map)
        json.dump(dict(image=file, predictions=[dict(index=int(i), probability=float(p[0][i])) for i in p[0].argsort()[::-1][:5]], box=box), open(name + ".json", "w"))


def decode_only(file, size):
    from PIL import Image
    Image.open(file).convert("RGB").resize(size, Image.Resampling.BILINEAR)


def python(system, files, a, out, peers):
    if system == "decode": job = lambda f: decode_only(f, (224, 224))
    else: job = lambda f: peers[system].photo(f, out, a.overlay)
    with ThreadPoolExecutor(a.threads) as pool:
        start = time.perf_counter(); list(pool.map(job, files)); return len(files) / (time.perf_counter() - start)


def cam4j(command, files, a, out):
    options = "--overlay-format jpeg" if a.overlay else "--no-overlay"
    command = command.format(out=out, options=options, photos=" ".join(map(shlex.quote, files)))
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    # "40 of 40 photos explained in 4.1 s (9.8 a second)": from the first photo on, without the JVM's and the model's start.
    found = re.search(r"in [0-9.]+ s \(([0-9.]+) a second\)", done.stderr)
    if done.returncode or not found: sys.exit(f"{command}\n{done.stderr}")
    return float(found.group(1))


def best_classes(out):
    return {n: json.load(open(os.path.join(out, n)))["predictions"][0]["index"] for n in sorted(os.listdir(out)) if n.endswith(".json")}


def run(a):
    files = listed(a.photos)[:a.first]
    commands = dict(text.split("=", 1) for text in a.cam4j); systems = a.systems.split(",") + list(commands)
    peers = {s: Peer(a.net, s == "opencv", a.scale, a.offset) for s in systems if s in ("pillow", "opencv")}
    rates = {s: [] for s in systems}; classes = {}
    for turn in range(a.rounds + 1):
        for system in systems:
            out = tempfile.mkdtemp(dir=a.keep)
            rate = cam4j(commands[system], files, a, out) if system in commands else python(system, files, a, out, peers)
            if system != "decode": classes[system] = best_classes(out)
            shutil.rmtree(out)
            if turn: rates[system].append(rate)   # the first turn fills the file cache
    medians = {s: statistics.median(r) for s, r in rates.items()}
    for s in systems:
        print(f"{s:12} {medians[s]:7.2f} photos/s  (" + ", ".join(f"{r:.2f}" for r in rates[s]) + ")"
              + ("" if s in commands else "".join(f"  {c} {medians[c] / medians[s]:.2f} times" for c in commands)))
    names = [s for s in systems if s in classes]
    for s in names[1:]:
        same = sum(classes[s][n] == classes[names[0]].get(n) for n in classes[s])
        print(f"best classes of {s} and {names[0]}: {same} of {len(files)} agree")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="what", required=True)
    q = sub.add_parser("photos"); q.add_argument("source"); q.add_argument("target"); q.add_argument("--count", type=int, default=40); q.add_argument("--long", type=int, default=4032)
    q = sub.add_parser("run"); q.add_argument("photos"); q.add_argument("net"); q.add_argument("--cam4j", action="append", default=[]); q.add_argument("--first", type=int); q.add_argument("--overlay", action="store_true")
    q.add_argument("--systems", default="decode,pillow,opencv"); q.add_argument("--threads", type=int, default=2); q.add_argument("--rounds", type=int, default=3)
    q.add_argument("--scale", type=float, default=1 / 128); q.add_argument("--offset", type=float, default=-127 / 128); q.add_argument("--keep")
    a = p.parse_args()
    make(a.source, a.target, a.count, a.long) if a.what == "photos" else run(a)


if __name__ == "__main__": main()
