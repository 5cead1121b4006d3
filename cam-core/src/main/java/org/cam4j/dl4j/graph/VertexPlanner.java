package org.cam4j.dl4j.graph;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** Translates DL4J's vertices that are not layers into a plan's operations. */
final class VertexPlanner {

    private final PlanBuilder plan;
    private final int channelAxis;

    VertexPlanner(PlanBuilder plan, CNN2DFormat format) {
        this.plan = plan;
        this.channelAxis = format == CNN2DFormat.NCHW ? 1 : 3;
    }

    int plan(String name, GraphVertex vertex, int[] inputs) throws UnplannedException {
        if (vertex instanceof ElementWiseVertex elementWise) {
            return combined(name, elementWise.getOp(), inputs);
        }
        if (vertex instanceof MergeVertex merge) {
            return merged(name, merge, inputs);
        }
        if (InPlaceActivations.isCopy(vertex)) {
            return inputs[0];
        }
        if (vertex instanceof ScaleVertex scale) {
            return scaled(name, inputs[0], scale.getScaleFactor(), 0);
        }
        if (vertex instanceof ShiftVertex shift) {
            return scaled(name, inputs[0], 1, shift.getShiftFactor());
        }
        if (vertex instanceof PreprocessorVertex preprocessor) {
            return preprocessed(name, preprocessor.getPreProcessor(), inputs[0]);
        }
        if (vertex instanceof ReshapeVertex reshape) {
            return reshaped(name, reshape, inputs[0]);
        }
        throw new UnplannedException("this kind of vertex is not known to the plan");
    }

    /** Numbers in the order of rows, columns and channels, as a plan has them: in a graph of NCHW of vectors alone. */
    private int reshaped(String name, ReshapeVertex vertex, int input) throws UnplannedException {
        Shape shape = plan.shape(input);
        int[] sizes = vertex.getNewShape();
        boolean known = sizes.length == 2 || sizes.length == 4;
        boolean vectors = known && shape.isVector() && isVector(sizes);
        if (!known || vertex.getReshapeOrder() != 'c' || (channelAxis == 1 && !vectors)) {
            throw new UnplannedException(
                    "a reshape of " + shape + " to " + Arrays.toString(sizes) + " is not known to the plan");
        }
        if (vectors) {
            return input;
        }
        return plan.add(
                name,
                new Reshape(
                        sizes.length == 2 ? new Shape(1, 1, shape.size()) : new Shape(sizes[1], sizes[2], sizes[3])),
                input);
    }

    /** Whether an array has one number for each image and channel. */
    private boolean isVector(int... sizes) {
        return sizes.length == 2 || IntStream.of(1, 2, 3).allMatch(axis -> axis == channelAxis || sizes[axis] == 1);
    }

    /** What a layer's preprocessor makes: maps are flattened, and a change of rank is nothing to a plan's vectors. */
    int preprocessed(String name, InputPreProcessor preprocessor, int input) throws UnplannedException {
        Shape shape = plan.shape(input);
        if (shape.isVector()) {
            return input;
        }
        if (!(preprocessor instanceof CnnToFeedForwardPreProcessor)) {
            throw new UnplannedException("reshaping on the way in of " + shape + " is not known to the plan");
        }
        // In the order in which the graph holds the numbers.
        int inOrder = channelAxis == 1 ? plan.add(name, Transpose.of(2, 0, 1), input) : input;
        return plan.add(name, new Reshape(new Shape(1, 1, shape.size())), inOrder);
    }

    private int scaled(String name, int input, double scale, double shift) {
        int channels = plan.shape(input).channels();
        return plan.add(name, ScaleShift.uniform(channels, (float) scale, (float) shift), input);
    }

    private int merged(String name, MergeVertex merge, int[] inputs) throws UnplannedException {
        boolean vectors =
                Arrays.stream(inputs).allMatch(input -> plan.shape(input).isVector());
        if (!vectors && merge.getMergeAxis() != channelAxis) {
            throw new UnplannedException(
                    "joins along axis " + merge.getMergeAxis() + ", not the channels, axis " + channelAxis);
        }
        return plan.add(name, Concatenate.channels(), inputs);
    }

    private int combined(String name, ElementWiseVertex.Op op, int[] inputs) {
        Elementwise.Kind kind =
                switch (op) {
                    case Add, Average -> Elementwise.Kind.ADD;
                    case Subtract -> Elementwise.Kind.SUBTRACT;
                    case Product -> Elementwise.Kind.MULTIPLY;
                    case Max -> Elementwise.Kind.MAXIMUM;
                };
        int value = inputs[0];
        for (int i = 1; i < inputs.length; i++) {
            value = combined(name, kind, value, inputs[i]);
        }
        return op == ElementWiseVertex.Op.Average ? scaled(name, value, 1.0 / inputs.length, 0) : value;
    }

    /** Combines two values; puts a value to be repeated second, as a plan requires. */
    private int combined(String name, Elementwise.Kind kind, int first, int second) {
        Shape left = plan.shape(first);
        Shape right = plan.shape(second);
        boolean swap = left.size() < right.size() && kind != Elementwise.Kind.SUBTRACT;
        return swap
                ? plan.add(name, new Elementwise(kind), second, first)
                : plan.add(name, new Elementwise(kind), first, second);
    }
}
