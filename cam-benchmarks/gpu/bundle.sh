#!/usr/bin/env bash
# bundle.sh FOLDER: makes the folder that run.sh runs in on a GPU machine without network and without Java: a small Java runtime, the
# jars, the networks without weights. 30 MB. Needs a JDK 17, Maven, the module built (mvn -pl cam-cuda -am test-compile), xz.
# NVRTC: a folder with libnvrtc.so.13, to compile the kernels here instead of there (2 s less at each start).
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
core=${CORE_CLASSES:-$top/cam-core/target/classes}; main=${CUDA_CLASSES:-$top/cam-cuda/target/classes}
tests=${CUDA_TESTS:-$top/cam-cuda/target/test-classes}; core_tests=${CORE_TESTS:-$top/cam-core/target/test-classes}
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
cuda=13.1-9.19-1.5.13; javacpp=1.5.13; dnnl=2.5.2-1.5.7; opencl=3.0-1.5.7; slf4j=2.0.17
for class in "$core/org/cam4j/engine/Engine" "$main/org/cam4j/engine/cuda/CudaEngine" "$tests/org/cam4j/engine/cuda/GpuBenchmark" \
    "$core_tests/org/cam4j/testing/random/OperationTrial"; do
    [ -e "$class.class" ] || { echo "bundle.sh: $class.class is missing: build the module first" >&2; exit 1; }
done
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/classes/org/cam4j" "$work/bundle/jars" "$work/bundle/plans" "$work/bundle/fallback"
for room in plan engine exception explain process; do cp -r "$core/org/cam4j/$room" "$work/classes/org/cam4j/"; done
mkdir -p "$work/classes/org/cam4j/engine/cuda" "$work/classes/org/cam4j/testing"
cp "$core_tests/org/cam4j/testing/Closeness.class" "$work/classes/org/cam4j/testing/"
mkdir "$work/classes/org/cam4j/testing/random"
cp "$core_tests"/org/cam4j/testing/random/{EngineStarter,OperationCase,OperationTrial}.class "$work/classes/org/cam4j/testing/random/"
cp -r "$main/org/cam4j/engine/cuda/." "$work/classes/org/cam4j/engine/cuda/"
for class in GpuBenchmark GpuChecks OperationsOnGpu ConcatenationTrial TestPlans GradCamBenchmark PixelBenchmark PlanText RandomNumbers; do
    cp "$tests"/org/cam4j/engine/cuda/$class*.class "$work/classes/org/cam4j/engine/cuda/"
done
if [ -n "${NVRTC:-}" ]; then
    python3 "$top/cam-cuda/src/main/nvrtc/kernels.py" "$NVRTC" "$main/org/cam4j/engine/cuda/kernels.cu" "$work/classes/org/cam4j/engine/cuda" \
        75 80 90 100 120
fi
mkdir -p "$work/classes/META-INF/services"
printf 'org.cam4j.engine.%s\n' cuda.CudaProvider onednn.OneDnnProvider java.JavaProvider \
    > "$work/classes/META-INF/services/org.cam4j.engine.EngineProvider"
jar -c -f "$work/bundle/jars/cam4j.jar" -C "$work/classes" .
jars=$repository/org/bytedeco
cp "$repository/org/slf4j/slf4j-api/$slf4j/slf4j-api-$slf4j.jar" "$jars/javacpp/$javacpp/javacpp-$javacpp.jar" \
    "$jars/javacpp/$javacpp/javacpp-$javacpp-linux-x86_64.jar" "$jars/cuda/$cuda/cuda-$cuda.jar" "$jars/dnnl/$dnnl/dnnl-$dnnl.jar" \
    "$jars/opencl/$opencl/opencl-$opencl.jar" "$jars/opencl/$opencl/opencl-$opencl-linux-x86_64.jar" "$work/bundle/jars/"
natives() { # JAR NAME ENTRIES: a jar with some of another's files
    mkdir -p "$work/$2"; (cd "$work/$2" && unzip -q "$1" "${@:3}" META-INF/MANIFEST.MF && jar -c -f "$work/bundle/jars/$2.jar" -0 -m META-INF/MANIFEST.MF org)
}
natives "$jars/cuda/$cuda/cuda-$cuda-linux-x86_64.jar" cuda-natives 'org/bytedeco/cuda/linux-x86_64/libjnicudart.so' \
    'org/bytedeco/cuda/linux-x86_64/libjnicudnn.so' 'org/bytedeco/cuda/linux-x86_64/libjninvrtc.so' 'org/bytedeco/cuda/linux-x86_64/libjnicublas.so'
natives "$jars/dnnl/$dnnl/dnnl-$dnnl-linux-x86_64.jar" dnnl-natives '*.so*'
cp "$top"/cam-benchmarks/gpu/plans/*.plan "$work/bundle/plans/"
for library in libz.so.1 libstdc++.so.6 libgcc_s.so.1; do
    cp -L "$(ldconfig -p | awk -v name="$library" '$1 == name && /x86-64/ {print $NF; exit}')" "$work/bundle/fallback/"
done
jlink --add-modules java.base,java.logging,jdk.unsupported --strip-debug --compress=0 --no-header-files --no-man-pages --output "$work/bundle/jre"
rm -f "$work/bundle/jre/lib/classlist"
XZ_OPT='-6 -T2' tar -cJf "$out/bundle.tar.xz" -C "$work/bundle" .
cp "$top"/cam-benchmarks/gpu/{run.sh,baseline.py,table.py} "$out/"
du -sm "$out"
