package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaEventCreate;
import static org.bytedeco.cuda.global.cudart.cudaEventDestroy;
import static org.bytedeco.cuda.global.cudart.cudaEventElapsedTime;
import static org.bytedeco.cuda.global.cudart.cudaEventRecord;
import static org.bytedeco.cuda.global.cudart.cudaEventSynchronize;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;
import static org.bytedeco.cuda.global.cudnn.CUDNN_DETERMINISTIC;
import static org.bytedeco.cuda.global.cudnn.CUDNN_FMA_MATH;
import static org.bytedeco.cuda.global.cudnn.CUDNN_TENSOR_OP_MATH;
import static org.bytedeco.cuda.global.cudnn.CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * Chooses how each kind of dense convolution is computed, once, so that every stream computes the same bits: by rules and by cuDNN's
 * first guess, which are the same on every start. Only a tuned engine takes times.
 */
final class ConvolutionChoices {

    /** Bytes of workspace that an algorithm may ask for: what Winograd takes for 32 images of 112x112x128. */
    private static final long MOST_WORKSPACE = 1L << 30;

    /** The share of the GPU's memory, free or not, so that the choice is the same on every start. */
    private static final int MEMORY_SHARE = 16;

    private static final int RUNS = 8;
    private static final int MOST_ALGORITHMS = 8;

    private final Precision precision;
    private final boolean isTuned;
    private final Map<String, Choice> stored;
    private final long mostWorkspace;
    private final ConvolutionRules rules;
    private final Map<Key, Choice> choices = new ConcurrentHashMap<>();
    private final List<String> trials = new CopyOnWriteArrayList<>();

    /**
     * Starts without choices but those that an engine like this one made earlier.
     *
     * @param stored by what {@link #made} names convolutions
     */
    ConvolutionChoices(Precision precision, CudaSettings settings, Map<String, Choice> stored) {
        this.stored = Map.copyOf(stored);
        this.precision = precision;
        this.isTuned = settings.isTuned();
        this.rules = new ConvolutionRules(precision);
        this.mostWorkspace = Math.min(MOST_WORKSPACE, Math.min(Device.allBytes(), settings.maxBytes()) / MEMORY_SHARE);
    }

    /** What makes two convolutions alike, apart from their numbers. */
    private record Key(
            int batch,
            Shape input,
            Layout layout,
            Window window,
            int outputs,
            int groups,
            boolean adds,
            Activation activation) {

        static Key of(ConvolutionCompiler.Candidate candidate) {
            Convolution convolution = candidate.convolution();
            return new Key(
                    candidate.batch(),
                    candidate.source().shape(),
                    candidate.source().layout(),
                    convolution.window(),
                    convolution.outputs(),
                    convolution.groups(),
                    convolution.addsInput(),
                    convolution.activation());
        }
    }

    /** The convolution as a call; chooses how if there was none like it. The libraries must be bound to the stream. */
    Call choose(ConvolutionCompiler.Candidate candidate, CUstream_st stream) {
        Key key = Key.of(candidate);
        Choice earlier = choices.get(key);
        if (earlier != null) {
            return candidate.made(earlier);
        }
        List<Choice> possible = possible(candidate);
        Choice tuned = stored.get(key.toString());
        boolean isTimed = isTuned && !possible.contains(tuned);
        if (possible.remove(tuned)) {
            possible.add(0, tuned);
        }
        Choice best = null;
        StringBuilder times = new StringBuilder();
        float shortest = Float.MAX_VALUE;
        for (Choice choice : possible) {
            if (best != null && (!isTimed || choice.kind() == Choice.Kind.DIRECT)) {
                break;
            }
            try {
                float time = time(candidate.tried(choice), stream, isTimed);
                times.append(", ").append(choice).append(' ').append(time);
                if (time < shortest) {
                    shortest = time;
                    best = choice;
                }
            } catch (GpuFailure e) {
                if (e.isOutOfMemory()) {
                    throw e;
                }
                // Not supported after all: what cuDNN lists is of plain convolutions.
            }
        }
        if (best == null) {
            throw new BackendException("neither cuDNN nor cuBLAS computes the "
                    + candidate.convolution().describe() + " of "
                    + candidate.source().shape() + ". Take another engine.");
        }
        choices.put(key, best);
        if (isTimed) {
            trials.add("batch " + key.batch + " " + key.input + " " + key.layout + " "
                    + candidate.convolution().describe() + ": " + best + times);
        }
        return candidate.made(best);
    }

    /** What was chosen, by the convolution and all that it is chosen by. */
    Map<String, Choice> made() {
        Map<String, Choice> made = new TreeMap<>();
        choices.forEach((key, choice) -> made.put(key.toString(), choice));
        return made;
    }

    /** How many kinds of convolutions are computed in each way. */
    Map<String, Integer> summary() {
        Map<String, Integer> counts = new TreeMap<>();
        choices.values().forEach(choice -> counts.merge(choice.toString(), 1, Integer::sum));
        return counts;
    }

    /** What a tuned engine found: the way taken, and the milliseconds of each, for each kind of convolution. */
    List<String> trials() {
        return List.copyOf(trials);
    }

    /** Runs a call once, and several times more if times are taken; milliseconds. */
    private float time(Call call, CUstream_st stream, boolean isTimed) {
        call.on(stream);
        Status.cuda(cudaStreamSynchronize(stream), "trying an algorithm");
        if (!isTimed) {
            return 0;
        }
        CUevent_st start = new CUevent_st();
        CUevent_st end = new CUevent_st();
        Status.cuda(cudaEventCreate(start), "timing");
        Status.cuda(cudaEventCreate(end), "timing");
        try {
            // Without what launching costs the host, which a captured network does not pay.
            try (Graph graph = new Graph(Collections.nCopies(RUNS, call), stream)) {
                graph.launch();
                Status.cuda(cudaEventRecord(start, stream), "timing");
                graph.launch();
                Status.cuda(cudaEventRecord(end, stream), "timing");
                Status.cuda(cudaEventSynchronize(end), "timing");
            }
            float[] milliseconds = new float[1];
            Status.cuda(cudaEventElapsedTime(milliseconds, start, end), "timing");
            return milliseconds[0] / RUNS;
        } finally {
            cudaEventDestroy(start);
            cudaEventDestroy(end);
        }
    }

    /** All ways that may be possible, the presumably fastest first. */
    private List<Choice> possible(ConvolutionCompiler.Candidate candidate) {
        List<Choice> products = new ArrayList<>();
        boolean isPlanes = candidate.source().isPlanes();
        if (candidate.isProduct()) {
            products.add(Choice.of(Choice.Kind.PRODUCT));
            if (!isPlanes && candidate.fuses()) {
                products.add(rules.prefersPlainProduct(candidate) ? 1 : 0, Choice.of(Choice.Kind.FUSED_PRODUCT));
            }
        }
        List<Choice> ways = new ArrayList<>();
        if (candidate.cudnn() != null) {
            addCudnn(candidate, ways);
            if (!isPlanes) {
                ways.add(Choice.of(Choice.Kind.DIRECT));
            }
        }
        ways.addAll(rules.prefersCudnn(candidate) ? Math.min(1, ways.size()) : 0, products);
        return ways;
    }

    private void addCudnn(ConvolutionCompiler.Candidate candidate, List<Choice> ways) {
        int wanted = precision == Precision.EXACT ? CUDNN_FMA_MATH : CUDNN_TENSOR_OP_MATH;
        cudnnConvolutionFwdAlgoPerf_t found = candidate.cudnn().algorithms(wanted);
        int count = (int) found.limit();
        List<Choice> ranked = new ArrayList<>();
        for (int i = 0; i < count && ranked.size() < MOST_ALGORITHMS; i++) {
            cudnnConvolutionFwdAlgoPerf_t one = found.position(i);
            if (one.status() == 0
                    && one.determinism() == CUDNN_DETERMINISTIC
                    && one.memory() <= mostWorkspace
                    && isExactEnough(one.mathType())) {
                int mathType = precision == Precision.EXACT ? CUDNN_FMA_MATH : one.mathType();
                ranked.add(new Choice(Choice.Kind.PLAIN, one.algo(), mathType, one.memory()));
            }
        }
        // Stable: the others stay in cuDNN's order.
        ranked.sort(Comparator.comparingInt(choice -> rules.rank(choice.algorithm(), candidate)));
        for (Choice plain : ranked) {
            if (candidate.fuses()) {
                ways.add(new Choice(Choice.Kind.FUSED, plain.algorithm(), plain.mathType(), plain.memory()));
            }
            ways.add(plain);
        }
    }

    private boolean isExactEnough(int mathType) {
        return precision != Precision.EXACT
                || (mathType != CUDNN_TENSOR_OP_MATH && mathType != CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION);
    }
}
