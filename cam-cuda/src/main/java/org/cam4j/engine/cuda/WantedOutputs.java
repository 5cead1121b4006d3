package org.cam4j.engine.cuda;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** The outputs of a run while its batches come in. Not thread-safe. */
final class WantedOutputs implements AutoCloseable {

    private final InferencePlan plan;
    private final int count;
    private final KeptOutputs outputs;
    private final ToLongFunction<float[]> weights;
    private final Map<String, float[]> arrays;
    private final Map<String, KeptValues.Place> kept = new TreeMap<>();
    private final Execution.Wanted wanted;
    private final boolean[] finite;
    /** Where outputs stay; empty if all go to the host, and after the values have it. */
    private Optional<KeptOutputs.Block> block = Optional.empty();

    /**
     * Makes room for outputs.
     *
     * @param keepsAll whether all outputs with more than one axis stay on the GPU, otherwise features with rows and columns
     * @param count images
     * @param outputs has room on the GPU, perhaps
     * @param weights as {@link KeptValues} uses them
     */
    WantedOutputs(
            InferencePlan plan,
            Set<String> names,
            boolean keepsAll,
            int count,
            KeptOutputs outputs,
            ToLongFunction<float[]> weights) {
        this.plan = plan;
        this.count = count;
        this.outputs = outputs;
        this.weights = weights;
        this.finite = new boolean[count];
        long bytes = 0;
        for (String name : new TreeSet<>(names)) {
            Shape shape = shape(name);
            if (name.equals(InferencePlan.FEATURES) ? shape.rank() == 3 : keepsAll && shape.rank() > 1) {
                kept.put(name, new KeptValues.Place(shape, bytes));
                bytes += DeviceMemory.aligned(Math.multiplyExact((long) shape.size() * Float.BYTES, count));
            }
        }
        if (!kept.isEmpty()) {
            block = outputs.take(bytes);
            if (block.isEmpty()) {
                kept.clear();
            }
        }
        Set<String> onHost = new TreeSet<>(names);
        onHost.removeAll(kept.keySet());
        this.arrays = SingleCall.arrays(plan, onHost, count);
        this.wanted = new Execution.Wanted(
                onHost, kept.keySet(), Optional.of(InferencePlan.FEATURES).filter(kept::containsKey));
    }

    private Shape shape(String output) {
        return plan.shape(plan.output(output));
    }

    void start(Execution execution, int first, int some, Runnable staging) {
        execution.start(wanted, staging);
        kept.forEach((name, place) -> execution.copyTo(
                block.orElseThrow().address()
                        + place.offset()
                        + 4L * first * place.shape().size(),
                name,
                some));
    }

    void finish(Execution execution, int first, int some) {
        execution.finish(first, some, arrays);
        for (int i = 0; wanted.checked().isPresent() && i < some; i++) {
            finite[first + i] = execution.isFinite(i);
        }
    }

    /** All outputs, after the last batch. */
    Values values() {
        Map<String, Shape> shapes = new TreeMap<>();
        arrays.keySet().forEach(name -> shapes.put(name, shape(name)));
        HostValues onHost = new HostValues(count, arrays, shapes);
        if (block.isEmpty()) {
            return onHost;
        }
        Map<String, boolean[]> checks = new TreeMap<>();
        wanted.checked().ifPresent(name -> checks.put(name, finite));
        KeptValues values = new KeptValues(onHost, kept, checks, outputs, block.get(), weights);
        outputs.lend(values, block.get());
        block = Optional.empty();
        return values;
    }

    /** Gives back the room if there was a failure. */
    @Override
    public void close() {
        block.ifPresent(outputs::giveBack);
    }
}
