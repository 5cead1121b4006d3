package org.cam4j.engine.cuda;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Shape;

/** Makes concatenations tasks that copy their parts, but for the first part of those that grow in place. */
final class ConcatenationCompiler {

    private final InferencePlan plan;
    private final TaskList tasks;
    private final KernelCalls kernels;
    private final Conversions conversions;
    private final GrowingConcatenations growing;

    ConcatenationCompiler(InferencePlan plan, TaskList tasks, KernelCalls kernels, Conversions conversions) {
        this.plan = plan;
        this.tasks = tasks;
        this.kernels = kernels;
        this.conversions = conversions;
        this.growing = new GrowingConcatenations(plan);
    }

    /**
     * Adds the tasks of a concatenation.
     *
     * @param made the number of its value
     * @param layout of its result, unless it continues another one
     * @param values by number, of all steps before it
     */
    Tensor compile(int made, Concatenate operation, Layout layout, List<Tensor> inputs, Map<Integer, Tensor> values) {
        Shape output = plan.shape(made);
        OptionalInt before = growing.before(made);
        if (before.isPresent() && !values.get(before.getAsInt()).isPacked()) {
            Tensor start = values.get(before.getAsInt());
            Tensor y = new Tensor(start.block(), output, start.layout(), start.pitch());
            append(operation, y, start.run(), inputs.subList(1, inputs.size()));
            return y;
        }
        boolean grows = output.isImage() && operation.axis() == 2 && growing.channels(made) > output.channels();
        Tensor room = tasks.tensor(grows ? output.withChannels(growing.channels(made)) : output, layout);
        Tensor y = grows ? new Tensor(room.block(), output, layout, room.run()) : room;
        append(operation, y, 0, inputs);
        return y;
    }

    /** Copies parts behind the first numbers of each run of y. */
    private void append(Concatenate operation, Tensor y, int start, List<Tensor> parts) {
        int axis = operation.axis();
        int step = step(y.shape(), axis, y.layout());
        int length = y.shape().size(axis) * step;
        // Along the channels a run of copies is one of the tensor's own, and may have a pitch.
        int pitch = y.isPacked() ? length : y.pitch();
        int runs = y.shape().size() / length;
        int from = start;
        for (Tensor part : parts) {
            Tensor x = part.layout() == y.layout() && y.run() == length ? part : conversions.in(y.layout(), part);
            int first = from;
            int size = x.shape().size(axis) * step;
            int xPitch = x.isPacked() ? size : x.pitch();
            tasks.add(
                    () -> kernels.copy(
                            new KernelCalls.Runs(y, first, pitch), new KernelCalls.Runs(x, 0, xPitch), size, runs),
                    y.block(),
                    x.block());
            from += size;
        }
    }

    /** Entries from one of an axis to the next, in a layout. */
    static int step(Shape shape, int axis, Layout layout) {
        if (layout == Layout.PLANES) {
            return shape.size() / shape.channels();
        }
        int entries = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            entries *= shape.size(i);
        }
        return entries;
    }
}
