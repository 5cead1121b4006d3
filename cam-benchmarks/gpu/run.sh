#!/usr/bin/env bash
# run.sh [operations|check|time|more|gradcam|torch|compiled|probe]...: the CUDA engine against oneDNN and beside PyTorch, on a machine with a GPU and Python with
# PyTorch. Run it in the folder that bundle.sh made; nothing else is needed. Writes to the folder OUT (default ./out) as it goes, last a table
# and what is wrong; ends with a status other than 0 if anything is. Each network is a process of its own: one that fails or hangs leaves
# the others their time. LIMIT: seconds in all (default 240). NETS, BATCHES, MODES, EACH (seconds for a timing), GRADNET, LAYER, GRADMODES (of Grad-CAM): what is
# measured.
HERE=$(cd "$(dirname "$0")" && pwd)
WORK=${WORK:-$HERE}; [ -w "$WORK" ] || WORK=$(mktemp -d)
OUT=${OUT:-$WORK/out}; LIMIT=${LIMIT:-240}; T0=$(date +%s)
NETS=${NETS:-VGG19-GAP,ResNet50,DenseNet121,InceptionV3,MobileNetV2,EfficientNetLite0}
BATCHES=${BATCHES:-1,8,64}; MODES=${MODES:-cpu,exact,tf32,fp16}; EACH=${EACH:-0.25}
PARTS=${*:-operations more time gradcam torch probe compiled}
mkdir -p "$OUT"; export PYTHONUNBUFFERED=1
LOG=$OUT/log.txt; : > "$LOG"
# Seconds that are left to a part, without what the parts after it need.
RESERVE=0
left() { echo $((LIMIT - RESERVE - ($(date +%s) - T0))); }
need() { case $1 in more) echo 15 ;; time) echo 80 ;; gradcam) echo 25 ;; torch) echo 60 ;; *) echo 0 ;; esac; }
note() { echo "--- $(($(date +%s) - T0))s $*" | tee -a "$LOG"; }
fail() { printf 'FAIL   %-17s %s\n' "$1" "$2" | tee -a "$LOG"; }
PY=$(command -v /opt/torch/.venv/bin/python3 || command -v python3)
[ -n "$PY" ] || { fail python "python3 is missing"; exit 1; }
# Python unpacks where xz is missing.
[ -x "$WORK/jre/bin/java" ] || tar -xJf "$HERE/bundle.tar.xz" -C "$WORK" 2>/dev/null \
    || $PY -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$HERE/bundle.tar.xz" "$WORK" \
    || { fail bundle "cannot be unpacked"; exit 1; }
# Where the packages of CUDA's libraries lie, wherever Python finds them.
LIBS=$($PY - <<'END'
import glob, importlib.util, sysconfig
spec = importlib.util.find_spec('nvidia')
roots = list(spec.submodule_search_locations) if spec else [sysconfig.get_paths()['purelib'] + '/nvidia']
print(''.join(folder + ':' for root in roots for folder in sorted(glob.glob(root + '/*/lib'))), end='')
END
)
for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib \
    "$(dirname "$(ldconfig -p 2>/dev/null | awk '/libcuda.so.1 /{print $NF; exit}')" 2>/dev/null)"; do
    [ -n "$folder" ] && [ "$folder" != . ] && [ -e "$folder/libcuda.so.1" ] && LIBS="$LIBS$folder:"
done
[ -d /usr/local/cuda/lib64 ] && LIBS="$LIBS/usr/local/cuda/lib64:"
# STANDIN: a folder with cam-cuda's stand-in for the libraries, to try this script without a GPU.
LIBS=${STANDIN:-$LIBS}
JAVA_LIBS=$LIBS
if ldd "$WORK/jre/lib/server/libjvm.so" "$WORK/jre/lib/libzip.so" 2>/dev/null | grep -E 'libstdc|libz\.|libgcc_s' | grep -q 'not found'; then
    note "with the bundle's libstdc++ and libz"; JAVA_LIBS="$LIBS:$WORK/fallback"
fi
CP=$(ls "$WORK"/jars/*.jar | tr '\n' ':')
java() { # NAME SECONDS ARGUMENTS
    local name=$1; shift
    LD_LIBRARY_PATH="$JAVA_LIBS" CUDA_MODULE_LOADING=LAZY timeout -k 5 "$1" "$WORK/jre/bin/java" -Xmx${HEAP:-12g} -XX:+UseParallelGC \
        -Dorg.bytedeco.javacpp.cachedir="$WORK/cache" $JOPTS -cp "$CP" "${@:2}" 2>&1 \
        | grep --line-buffered -v -E '^SLF4J|do not match' | tee -a "$LOG"
    local status=${PIPESTATUS[0]}
    case $status in 0) ;; 124 | 137) fail "$name" "out of time" ;; *) fail "$name" "ended with status $status" ;; esac
}
cam4j() { # NET BATCHES SECONDS MODES LIMIT
    [ "$(left)" -lt 12 ] && { fail "$1" "no time left for $4"; return; }
    local most=$5; [ "$(left)" -lt "$most" ] && most=$(left)
    note "cam4j $1 $4"; java "$1" "$most" org.cam4j.engine.cuda.GpuBenchmark "$WORK/plans" "$1" "$2" "$3" "$4"
}
{
    echo "host $(uname -r) cores $(nproc) $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2)"
    nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.sm,clocks.max.sm --format=csv,noheader 2>&1 | head -2
    for library in libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcudnn.so.9 libcudnn_graph.so.9 libnvrtc.so.13 libcuda.so.1; do
        found=""; for folder in ${LIBS//:/ }; do [ -e "$folder/$library" ] && { found="$folder/$library"; break; }; done
        echo "  $library ${found:-NOT FOUND}"
    done
    LD_LIBRARY_PATH="$JAVA_LIBS" "$WORK/jre/bin/java" -version 2>&1 | head -1
} | tee -a "$LOG"
rest=" $PARTS"
for part in $PARTS; do
rest=${rest#* $part}; RESERVE=0
for later in $rest; do RESERVE=$((RESERVE + $(need "$later"))); done
case $part in
    operations)
        seconds=$(($(left) < 50 ? $(left) : 50))
        note operations
        java operations "$seconds" org.cam4j.engine.cuda.OperationsOnGpu "${OPMODES:-exact,fp16,bf16}" $((seconds - 5)) ;;
    check) for net in ${NETS//,/ }; do cam4j "$net" 1 0.05 cpu,exact,tf32,fp16,bf16 60; done ;;
    time) for net in ${NETS//,/ }; do cam4j "$net" "$BATCHES" "$EACH" "$MODES" 40; done ;;
    more) cam4j ResNet50 1 0.05 cpu,bf16,more 30 ;;
    gradcam)
        # A layer in the middle of ResNet50, 28x28x512.
        if [ "$(left)" -lt 15 ]; then
            fail "${GRADNET:-ResNet50}" "no time left for Grad-CAM"
        else
            note "cam4j Grad-CAM"
            java "${GRADNET:-ResNet50}" $(($(left) < 40 ? $(left) : 40)) org.cam4j.engine.cuda.GradCamBenchmark "$WORK/plans" "${GRADNET:-ResNet50}" "${LAYER:-step 77}" "$BATCHES" "$EACH" \
                "${GRADMODES:-exact,tf32,fp16}"
        fi ;;
    torch | compiled)
        # Compiling takes half a minute for each network, precision and batch size: LIMIT=1200 run.sh compiled does all.
        if [ "$(left)" -gt $([ "$part" = torch ] && echo 15 || echo 45) ]; then
            note "$part"
            timeout -k 5 "$(left)" $PY "$HERE/baseline.py" "$NETS" "$EACH" "$BATCHES" $(($(left) - 5)) "$part" 2>&1 \
                | grep --line-buffered -E '^(TORCH|TGRAD|INFO|TFAIL|Trace|[A-Za-z]*Error|  )' | tee -a "$LOG"
            status=${PIPESTATUS[0]}
            case $status in 0) ;; 124 | 137) echo "TFAIL  PyTorch           out of time" ;; *) echo "TFAIL  PyTorch           ended with status $status" ;; esac \
                | tee -a "$LOG"
        else
            note "no time left for PyTorch ($part)"
        fi ;;
    probe)
        # If there is time.
        for net in ${PROBES:-DenseNet121 MobileNetV2}; do
            [ "$(left)" -lt 15 ] || cam4j "$net" 1,8,32 0.1 probeexacplanes,probeexacrows,probetf32rows 30
        done ;;
    *) fail "$part" "is no part of this script" ;;
esac; done
RESERVE=0
nvidia-smi --query-gpu=clocks.sm,temperature.gpu,power.draw --format=csv,noheader 2>/dev/null | tee -a "$LOG"
note "done"
$PY "$HERE/table.py" "$LOG" 2>&1 | tee "$OUT/table.txt"
exit "${PIPESTATUS[0]}"
