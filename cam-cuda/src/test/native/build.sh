#!/usr/bin/env bash
# build.sh FOLDER [address]: builds the stand-in for NVIDIA's libraries in a folder, under the names that JavaCPP looks for. Needs g++ 10 or
# newer. With "address", AddressSanitizer checks all that it reads and writes; the JVM then needs LD_PRELOAD=libasan.so.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
# Built already, and nothing has changed since.
if [ -e "$out/libcudastandin.so" ] && [ -z "$(find . ../../main/resources -newer "$out/libcudastandin.so" -type f)" ]; then
    exit
fi
kernels=../../main/resources/org/cam4j/engine/cuda/kernels.cu
mkdir -p "$out/objects"
# Not extern "C": the three types' kernels have the same names.
sed 's/extern "C" //' "$kernels" > "$out/objects/kernels_plain.cu"
sanitizer=; [ "${2:-}" = address ] && sanitizer="-fsanitize=address -g1"
flags="-std=c++20 -O1 -fPIC -ffp-contract=off -w -I$out/objects $sanitizer"
for source in device launch runtime numbers blas dnn nvrtc; do
    g++ $flags -c $source.cpp -o "$out/objects/$source.o"
done
# As on a GPU, kernels end where they read or write several numbers at an address that is no multiple of their size.
for type in 0 1 2; do
    g++ $flags -fsanitize=alignment -fsanitize-undefined-trap-on-error -DTYPE=$type -c kernels.cpp -o "$out/objects/kernels$type.o"
done
g++ -shared $sanitizer -o "$out/libcudastandin.so" "$out"/objects/*.o
for name in libcuda.so.1 libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libnvrtc.so.13 libnvrtc-builtins.so.13.1 \
    libcudnn.so.9 libcudnn_graph.so.9 libcudnn_ops.so.9 libcudnn_cnn.so.9 libcudnn_adv.so.9 libcudnn_heuristic.so.9 \
    libcudnn_engines_precompiled.so.9 libcudnn_engines_runtime_compiled.so.9; do
    ln -sf libcudastandin.so "$out/$name"
done
