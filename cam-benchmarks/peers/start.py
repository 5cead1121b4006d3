#!/usr/bin/env python3
"""Times one photo from the start of the process to its end: Python with Pillow and ONNX Runtime beside cam4j's command line.

  start.py run NET PHOTO --cam4j NAME='cam-examples/cam4j explain --model MODEL --out {out} {photo}' [--cam4j ...] [--rounds 11] [--threads 2]
  start.py once NET PHOTO OUT [--threads 2]        the job of Python, as `run` starts it

NET is a folder of `peers.py prepare`. Both decode the photo, resize and preprocess it, run the network, take the map of the best class and its
box, and write the map (.npy), a JSON file and an overlay (PNG, zlib's fastest level) of at most 1600 pixels. Python's weights of the dense
layer are stored beforehand, so that it does not import the onnx package.

Systems take turns, so that a change of the machine's speed hits all. The first turn fills the file cache and is left out. Printed: seconds
from start to end, median and range, and of the processor's time the median.
"""
import argparse, os, resource, shlex, shutil, statistics, subprocess, sys, tempfile, time

import folder


def once(a):
    folder.Peer(a.net, False, a.scale, a.offset, a.threads, ".png").photo(a.photo, a.out, True)


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN); start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - start; after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode: sys.exit(f"{shlex.join(command)}\n{done.stdout}{done.stderr}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(a):
    folder.dense(a.net)
    python = [sys.executable, os.path.abspath(__file__), "once", a.net, a.photo, "{out}", "--threads", str(a.threads), "--scale", str(a.scale), "--offset", str(a.offset)]
    commands = {"python": python}
    for text in a.cam4j:
        name, _, command = text.partition("=")
        commands[name] = [word.replace("{photo}", a.photo) for word in shlex.split(command)]
    times = {name: [] for name in commands}
    for turn in range(a.rounds + 1):
        for name, command in commands.items():
            out = tempfile.mkdtemp()
            measured = timed([word.replace("{out}", out) for word in command])
            if not any(file.endswith(".png") for file in os.listdir(out)): sys.exit(f"{name}: no overlay in {out}")
            shutil.rmtree(out)
            if turn: times[name].append(measured)
    for name, measured in times.items():
        seconds = [s for s, _ in measured]
        print(f"{name:12} {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), processor {statistics.median(c for _, c in measured):.2f} s")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="what", required=True)
    for name in ("run", "once"):
        q = sub.add_parser(name); q.add_argument("net"); q.add_argument("photo")
        if name == "once": q.add_argument("out")
        else: q.add_argument("--cam4j", action="append", default=[]); q.add_argument("--rounds", type=int, default=11)
        q.add_argument("--threads", type=int, default=2); q.add_argument("--scale", type=float, default=1 / 128); q.add_argument("--offset", type=float, default=-127 / 128)
    a = p.parse_args()
    run(a) if a.what == "run" else once(a)


if __name__ == "__main__": main()
