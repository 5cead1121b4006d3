package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Reductions;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** The mean or the maximum over some axes. */
final class Reduction {

    private final Draft draft;

    Reduction(Draft draft) {
        this.draft = draft;
    }

    /**
     * Reduces a value.
     *
     * @param axes from 0, sorted
     * @param keeps whether the axes stay, with one entry each
     */
    Value reduced(Value value, int[] axes, Pooling.Kind kind, boolean keeps) {
        int[] kept = value.dims().clone();
        Arrays.stream(axes).forEach(axis -> kept[axis] = 1);
        Value whole = reduced(value, axes, kept, kind);
        return keeps ? whole : draft.arrangement().reshaped(whole, Reductions.without(value.dims(), axes));
    }

    private Value reduced(Value value, int[] axes, int[] kept, Pooling.Kind kind) {
        int[] sequence = value.sequence();
        int[] gone = Arrays.stream(sequence)
                .filter(axis -> Arrays.stream(axes).anyMatch(other -> other == axis))
                .toArray();
        int[] left = Arrays.stream(sequence)
                .filter(axis -> Arrays.stream(axes).noneMatch(other -> other == axis))
                .toArray();
        if (gone.length == 0) {
            return new Value(value.number(), kept, value.order());
        }
        int entries = Arrangement.product(value.dims(), gone);
        int channels = Arrangement.product(value.dims(), left);
        boolean isFastest =
                Arrays.equals(Arrays.copyOfRange(sequence, sequence.length - gone.length, sequence.length), gone);
        boolean isOfChannels =
                left.length > 0 || draft.steps().shape(value.number()).channels() == entries;
        if (isFastest && isOfChannels) {
            return new Value(ofChannels(value, entries, kind), kept, value.order());
        }
        Value ready = draft.arrangement()
                .arranged(
                        value,
                        Value.order(
                                value.dims(),
                                IntStream.concat(Arrays.stream(gone), Arrays.stream(left))
                                        .toArray()));
        return new Value(pooled(ready, entries, channels, kind), kept, ready.order());
    }

    /** Pools the fastest axes, which are a cell's channels. */
    private int ofChannels(Value value, int entries, Pooling.Kind kind) {
        int cells = value.size() / entries;
        if (kind == Pooling.Kind.AVERAGE) {
            float[] share = new float[entries];
            Arrays.fill(share, 1f / entries);
            return draft.steps()
                    .add(
                            Dense.of(share, new float[1], Activation.IDENTITY),
                            draft.arrangement().channels(value, entries));
        }
        int image = draft.steps().as(value.number(), new Shape(cells, entries, 1));
        return draft.steps().add(new Pooling(kind, Window.of(1, entries)), image);
    }

    /** Pools the slowest axes, which are the cells of an image. */
    private int pooled(Value value, int entries, int channels, Pooling.Kind kind) {
        Shape shape = draft.steps().shape(value.number());
        if (shape.isImage() && shape.channels() == channels) {
            return draft.steps().add(new GlobalPooling(kind), beforePooling(value.number(), kind));
        }
        int image = draft.steps().as(value.number(), new Shape(entries, 1, channels));
        return draft.steps().add(new GlobalPooling(kind), image);
    }

    /** Averages over columns, then over rows, are an average over the map. */
    private int beforePooling(int number, Pooling.Kind kind) {
        Optional<Step> maker = draft.steps().maker(number);
        if (maker.isPresent() && maker.get().operation() instanceof Pooling pooling && pooling.kind() == kind) {
            int read = maker.get().inputs().get(0);
            Shape map = draft.steps().shape(read);
            boolean isOfWholeRows = pooling.window().equals(Window.of(1, map.width()));
            boolean isOfWholeColumns = pooling.window().equals(Window.of(map.height(), 1));
            return isOfWholeRows || isOfWholeColumns ? read : number;
        }
        return number;
    }
}
