package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Shape;

/** Makes concatenations tasks that copy the parts that were not written at their places. */
final class ConcatenationCompiler {

    private final InferencePlan plan;
    private final TaskList tasks;
    private final KernelCalls kernels;
    private final Conversions conversions;
    private final ConvolutionCompiler convolutions;
    private final ConcatenationRooms rooms;

    ConcatenationCompiler(
            InferencePlan plan,
            TaskList tasks,
            KernelCalls kernels,
            Conversions conversions,
            ConvolutionCompiler convolutions,
            ConcatenationRooms rooms) {
        this.plan = plan;
        this.tasks = tasks;
        this.kernels = kernels;
        this.conversions = conversions;
        this.convolutions = convolutions;
        this.rooms = rooms;
    }

    /**
     * A part to copy.
     *
     * @param isLeft whether that is needed; known once the calls before it are made
     */
    private record Copy(KernelCalls.Runs to, KernelCalls.Runs from, BooleanSupplier isLeft) {}

    /**
     * Adds the task of a concatenation, unless all parts are there.
     *
     * @param layout of its result, unless its memory is shared
     */
    Tensor compile(Step step, Concatenate operation, Layout layout, List<Tensor> parts) {
        int made = step.value();
        Tensor y = rooms.joinsImages(step)
                ? rooms.tensor(made, rooms.layout(made))
                : tasks.tensor(plan.shape(made), layout);
        int axis = operation.axis();
        int entries = step(y.shape(), axis, y.layout());
        int length = y.shape().size(axis) * entries;
        // Along the channels a run of copies is one of the tensor's own, and may have a pitch.
        int pitch = y.isPacked() ? length : y.pitch();
        List<Copy> copies = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < parts.size(); i++) {
            Tensor part = parts.get(i);
            int size = part.shape().size(axis) * entries;
            boolean isPlaced = rooms.holds(made, step.inputs().get(i));
            Optional<Tensor> copied = isPlaced ? convolutions.apart(part) : Optional.of(readable(part, y, length));
            if (copied.isPresent()) {
                Tensor x = copied.get();
                copies.add(new Copy(
                        new KernelCalls.Runs(y, from, size, pitch),
                        new KernelCalls.Runs(x, 0, size, x.isPacked() ? size : x.pitch()),
                        () -> !isPlaced || convolutions.isLeftApart(part)));
            }
            from += size;
        }
        if (!copies.isEmpty()) {
            List<Block> used = new ArrayList<>(List.of(y.block()));
            copies.forEach(copy -> used.add(copy.from.tensor().block()));
            tasks.add(() -> joined(copies, y.shape().size() / length), used.toArray(Block[]::new));
        }
        return y;
    }

    private Tensor readable(Tensor part, Tensor y, int length) {
        return part.layout() == y.layout() && y.run() == length ? part : conversions.in(y.layout(), part);
    }

    private Call joined(List<Copy> copies, int runs) {
        List<Copy> left =
                copies.stream().filter(copy -> copy.isLeft.getAsBoolean()).toList();
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < left.size(); i += KernelCalls.MOST_PARTS) {
            List<Copy> some = left.subList(i, Math.min(left.size(), i + KernelCalls.MOST_PARTS));
            calls.add(kernels.join(
                    some.stream().map(Copy::to).toList(),
                    some.stream().map(Copy::from).toList(),
                    runs));
        }
        return stream -> calls.forEach(call -> call.on(stream));
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
