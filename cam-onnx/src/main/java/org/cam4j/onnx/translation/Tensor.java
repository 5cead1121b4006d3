package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;

/** What is known of a graph's tensor while a plan is made of the graph, for one image. */
sealed interface Tensor {

    /** Returns the sizes of its axes as ONNX has them; do not modify. */
    int[] dims();

    /**
     * A tensor that is known before any image.
     *
     * @param constant its numbers
     */
    record Known(Constant constant) implements Tensor {

        @Override
        public int[] dims() {
            return constant.dims();
        }
    }

    /**
     * A tensor that a step of the plan makes. The plan's value holds its numbers row-major with the axes in another order than ONNX's:
     * a transpose changes the order alone, and only operations that need another one move numbers.
     *
     * @param number of the plan's value
     * @param dims ONNX's sizes
     * @param order ONNX's axes in the order in which the value has them, slowest first
     */
    record Value(int number, int[] dims, int[] order) implements Tensor {

        /** Returns the axes of more than one entry in the value's order; axes of one entry may stand anywhere. */
        int[] sequence() {
            return sequence(dims, order);
        }

        static int[] sequence(int[] dims, int[] order) {
            return Arrays.stream(order).filter(axis -> dims[axis] > 1).toArray();
        }

        /** Returns an order of all axes that has some of them, those of more than one entry, in a given sequence. */
        static int[] order(int[] dims, int[] sequence) {
            return IntStream.concat(
                            IntStream.range(0, dims.length).filter(axis -> dims[axis] == 1), Arrays.stream(sequence))
                    .toArray();
        }

        int size() {
            return Constant.size(dims);
        }

        /** Returns the same numbers with axes of one entry put before the others, as broadcasting does. */
        Value padded(int rank) {
            int added = rank - dims.length;
            if (added <= 0) {
                return this;
            }
            int[] wider = Axes.padded(dims, rank);
            int[] moved = Arrays.stream(sequence()).map(axis -> axis + added).toArray();
            return new Value(number, wider, order(wider, moved));
        }
    }

    /**
     * {@code offset + factor · erf(inner · argument)}, which becomes a GELU when it is multiplied by its argument.
     *
     * @param argument a value
     * @param inner multiplies the argument
     * @param factor multiplies the error function
     * @param offset added to it
     */
    record ErrorFunction(Value argument, double inner, double factor, double offset) implements Tensor {

        @Override
        public int[] dims() {
            return argument.dims();
        }
    }

    /**
     * A value between QuantizeLinear and DequantizeLinear: not rounded, but cut to the range of the integers.
     *
     * @param value what dequantizing gives
     * @param scale of the integers
     * @param zero the integer of 0
     */
    record Quantized(Value value, double scale, double zero) implements Tensor {

        @Override
        public int[] dims() {
            return value.dims();
        }
    }

    /**
     * A tensor that could not be made.
     *
     * @param dims empty
     */
    record Missing(int[] dims) implements Tensor {}
}
