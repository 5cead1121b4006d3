package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Elementwise;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Combines arrays number by number with broadcasting: a single row, column or channel is repeated for all of the other array's. A vector
 * [n, c] counts as a map [n, 1, 1, c].
 *
 * <p>With {@link Elementwise.Kind#MULTIPLY}, a map [n, h, w, c] and a vector [n, c] this is the gate of squeeze-and-excite (Hu et
 * al., CVPR 2018).
 */
public final class BroadcastVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final Elementwise.Kind operation;

    /**
     * Creates a vertex that combines its inputs from first to last.
     *
     * @param operation applied to two numbers
     */
    public BroadcastVertex(@JsonProperty("operation") Elementwise.Kind operation) {
        this.operation = Objects.requireNonNull(operation, "operation");
    }

    /**
     * Returns the operation on two numbers.
     *
     * @return the operation
     */
    public Elementwise.Kind getOperation() {
        return operation;
    }

    @Override
    INDArray forward(INDArray... inputs) {
        INDArray combined = inputs[0];
        for (int i = 1; i < inputs.length; i++) {
            combined = of(combined, inputs[i]);
        }
        return combined;
    }

    private INDArray of(INDArray a, INDArray b) {
        int rank = Math.max(a.rank(), b.rank());
        INDArray left = asRank(a, rank);
        INDArray right = asRank(b, rank);
        long[] shape = shape(left, right);
        return applied(broadcast(left, shape), broadcast(right, shape));
    }

    private INDArray applied(INDArray a, INDArray b) {
        return switch (operation) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.sub(b);
            case MULTIPLY -> a.mul(b);
            case MAXIMUM -> Transforms.max(a, b, true);
            case MINIMUM -> Transforms.min(a, b, true);
        };
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        INDArray[] prefixes = new INDArray[inputs.length];
        prefixes[0] = inputs[0];
        for (int i = 1; i < inputs.length; i++) {
            prefixes[i] = of(prefixes[i - 1], inputs[i]);
        }
        INDArray[] gradients = new INDArray[inputs.length];
        INDArray rest = gradient;
        for (int i = inputs.length - 1; i > 0; i--) {
            gradients[i] = summed(rest.mul(slope(inputs[i], prefixes[i - 1], rest.shape(), false)), inputs[i]);
            rest = summed(rest.mul(slope(prefixes[i - 1], inputs[i], rest.shape(), true)), prefixes[i - 1]);
        }
        gradients[0] = rest == gradient ? gradient.dup() : rest;
        return gradients;
    }

    /** Returns the derivative of the operation with respect to one argument, in the shape of the result. */
    private INDArray slope(INDArray argument, INDArray other, long[] shape, boolean first) {
        INDArray mine = broadcast(asRank(argument, shape.length), shape);
        INDArray others = broadcast(asRank(other, shape.length), shape);
        return switch (operation) {
            case ADD -> mine.mul(0).addi(1);
            case SUBTRACT -> mine.mul(0).addi(first ? 1 : -1);
            case MULTIPLY -> others;
            case MAXIMUM -> chosen(mine.sub(others), first);
            case MINIMUM -> chosen(others.sub(mine), first);
        };
    }

    /** Returns 1 where an argument is chosen, 0 elsewhere; if both are equal, the first is chosen. */
    private static INDArray chosen(INDArray lead, boolean first) {
        return (first ? lead.gte(0) : lead.gt(0)).castTo(lead.dataType());
    }

    private static INDArray asRank(INDArray array, int rank) {
        return array.rank() == 2 && rank == 4 ? array.reshape(array.size(0), 1, 1, array.size(1)) : array;
    }

    private static INDArray broadcast(INDArray array, long... shape) {
        return Arrays.equals(array.shape(), shape) ? array : array.broadcast(shape);
    }

    private static long[] shape(INDArray a, INDArray b) {
        long[] shape = a.shape().clone();
        for (int axis = 0; axis < shape.length; axis++) {
            if (a.size(axis) != b.size(axis) && a.size(axis) != 1 && b.size(axis) != 1) {
                throw new IllegalArgumentException(
                        "shapes that do not broadcast: " + a.shapeInfoToString() + ", " + b.shapeInfoToString());
            }
            shape[axis] = Math.max(a.size(axis), b.size(axis));
        }
        return shape;
    }

    /** Sums a gradient over the axes along which an input was repeated. */
    private static INDArray summed(INDArray gradient, INDArray input) {
        INDArray sum = gradient;
        INDArray shaped = asRank(input, gradient.rank());
        for (int axis = 1; axis < gradient.rank(); axis++) {
            if (shaped.size(axis) == 1 && gradient.size(axis) > 1) {
                sum = sum.sum(true, axis);
            }
        }
        return sum.reshape(input.shape());
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        int combined = inputs[0];
        for (int i = 1; i < inputs.length; i++) {
            combined = BroadcastPlan.add(plan, name, operation, combined, inputs[i]);
        }
        return combined;
    }

    @Override
    List<?> settings() {
        return List.of(operation);
    }

    @Override
    InputType outputType(InputType... inputs) {
        InputType largest = inputs[0];
        for (InputType input : inputs) {
            largest = input.arrayElementsPerExample() > largest.arrayElementsPerExample() ? input : largest;
        }
        return largest;
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return Integer.MAX_VALUE;
    }

    @Override
    public String kerasClass() {
        return switch (operation) {
            case ADD -> "Add";
            case SUBTRACT -> "Subtract";
            case MULTIPLY -> "Multiply";
            case MAXIMUM -> "Maximum";
            case MINIMUM -> "Minimum";
        };
    }
}
