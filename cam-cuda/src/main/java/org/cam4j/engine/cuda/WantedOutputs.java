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
    private final Execution.Wanted wanted;
    private final boolean[] finite;
    /** Where the features stay; empty if they go to the host, and after the values have it. */
    private Optional<KeptOutputs.Block> block = Optional.empty();

    /**
     * Makes room for outputs.
     *
     * @param count images
     * @param outputs has room on the GPU, perhaps
     * @param weights as {@link KeptValues} uses them
     */
    WantedOutputs(
            InferencePlan plan, Set<String> names, int count, KeptOutputs outputs, ToLongFunction<float[]> weights) {
        this.plan = plan;
        this.count = count;
        this.outputs = outputs;
        this.weights = weights;
        this.finite = new boolean[count];
        Set<String> onHost = new TreeSet<>(names);
        if (names.contains(InferencePlan.FEATURES) && features().rank() == 3) {
            block = outputs.take(Math.multiplyExact((long) features().size() * Float.BYTES, count));
            block.ifPresent(found -> onHost.remove(InferencePlan.FEATURES));
        }
        this.arrays = SingleCall.arrays(plan, onHost, count);
        this.wanted = new Execution.Wanted(onHost, block.map(found -> InferencePlan.FEATURES));
    }

    private Shape features() {
        return plan.shape(plan.output(InferencePlan.FEATURES));
    }

    void start(Execution execution, int first, int some, Runnable staging) {
        execution.start(wanted, staging);
        block.ifPresent(found ->
                execution.copyTo(found.address() + 4L * first * features().size(), InferencePlan.FEATURES, some));
    }

    void finish(Execution execution, int first, int some) {
        execution.finish(first, some, arrays);
        for (int i = 0; block.isPresent() && i < some; i++) {
            finite[first + i] = execution.isFinite(i);
        }
    }

    /** All outputs, after the last batch. */
    Values values() {
        Map<String, Shape> shapes = new TreeMap<>();
        arrays.keySet().forEach(name -> shapes.put(name, plan.shape(plan.output(name))));
        HostValues onHost = new HostValues(count, arrays, shapes);
        if (block.isEmpty()) {
            return onHost;
        }
        KeptValues values =
                new KeptValues(onHost, InferencePlan.FEATURES, features(), finite, outputs, block.get(), weights);
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
