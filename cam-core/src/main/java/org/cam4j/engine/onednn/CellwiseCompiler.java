package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.prelu_forward;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/** Compiles elementwise operations on one value: scales, activations, slopes. */
final class CellwiseCompiler {

    private static final int CHANNEL_AXIS = 1;

    private final KernelList kernels;
    private final Layouts layouts;
    private final Weights weights;
    private final ElementwiseCompiler elementwise;

    CellwiseCompiler(KernelList kernels, Weights weights, ElementwiseCompiler elementwise) {
        this.kernels = kernels;
        this.layouts = kernels.layouts();
        this.weights = weights;
        this.elementwise = elementwise;
    }

    Tensor activate(String name, Activate activate, Tensor input, Shape shape) throws EngineUnavailableException {
        // Compiled as a scale of 1: separate activations are rare, and this saves one kind of kernel.
        return scaleShift(
                name, ScaleShift.uniform(shape.channels(), 1, 0).withActivation(activate.activation()), input, shape);
    }

    Tensor scaleShift(String name, ScaleShift step, Tensor input, Shape shape) throws EngineUnavailableException {
        boolean keepsZeros = step.activation().atZero() == 0;
        for (CellLayouts attempt : CellLayouts.toTryPerChannel(layouts, input, shape, keepsZeros)) {
            post_ops operations = new post_ops();
            operations.append_binary(algorithm.binary_add, attempt.perChannel());
            PostOperations.append(operations, step.activation());
            Optional<Tensor> result = withConstants(
                    name,
                    algorithm.binary_mul,
                    input,
                    attempt,
                    step.scale(),
                    operations,
                    new Argument.Fixed(
                            DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1, perChannel(step.shift(), attempt)));
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw Candidates.none(step.describe(), name);
    }

    /** Combines each number with its channel's constant; empty if oneDNN has no fast kernel for it. */
    private Optional<Tensor> withConstants(
            String name,
            algorithm done,
            Tensor input,
            CellLayouts attempt,
            float[] constants,
            post_ops operations,
            Argument... others) {
        Optional<binary.primitive_desc> found =
                Candidates.firstFast(() -> kernels.binary(done, attempt.values(), attempt.perChannel(), operations));
        return found.map(described -> {
            Tensor source = kernels.in(attempt.layout(), name, input);
            Tensor result = kernels.tensor(attempt.layout());
            List<Argument> arguments = new ArrayList<>(List.of(
                    kernels.view(DNNL_ARG_SRC_0, source, attempt.values()),
                    new Argument.Fixed(DNNL_ARG_SRC_1, perChannel(constants, attempt)),
                    kernels.view(DNNL_ARG_DST, result, attempt.values())));
            arguments.addAll(List.of(others));
            kernels.add(name, described, new binary(described), arguments.toArray(Argument[]::new));
            return result;
        });
    }

    /** Computes activations that no kernel can end with, as a product or quotient of the input and a function of it. */
    Tensor activateApart(String name, Activation activation, Tensor input, Shape shape)
            throws EngineUnavailableException {
        return switch (activation.function()) {
            case THRESHOLD ->
                elementwise.combine(
                        name, algorithm.binary_mul, input, above(name, activation.alpha(), input, shape), shape);
            case SOFTSIGN ->
                elementwise.combine(name, algorithm.binary_div, input, onePlusMagnitude(name, input, shape), shape);
            default -> throw new EngineUnavailableException("it has no activation " + activation + " ('" + name + "')");
        };
    }

    /** 1 where a number is above a threshold, 0 elsewhere. */
    private Tensor above(String name, float threshold, Tensor input, Shape shape) throws EngineUnavailableException {
        float[] thresholds = new float[shape.channels()];
        Arrays.fill(thresholds, threshold);
        for (CellLayouts attempt : CellLayouts.toTryPerChannel(layouts, input, shape, true)) {
            Optional<Tensor> result =
                    withConstants(name, algorithm.binary_gt, input, attempt, thresholds, new post_ops());
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw Candidates.none("a comparison", name);
    }

    /** {@code 1 + |x|}. */
    private Tensor onePlusMagnitude(String name, Tensor input, Shape shape) throws EngineUnavailableException {
        float[] ones = new float[shape.channels()];
        Arrays.fill(ones, 1);
        for (CellLayouts attempt : CellLayouts.toTryPerChannel(layouts, input, shape, false)) {
            post_ops operations = new post_ops();
            PostOperations.appendOnePlusMagnitude(operations);
            Optional<Tensor> result = withConstants(name, algorithm.binary_mul, input, attempt, ones, operations);
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw Candidates.none("a magnitude", name);
    }

    private memory perChannel(float[] numbers, CellLayouts attempt) {
        int channels = (int) attempt.perChannel().data().dims().get(CHANNEL_AXIS);
        return weights.packed(
                numbers.length == channels ? numbers : Arrays.copyOf(numbers, channels),
                attempt.perChannel().data().ndims() == 2
                        ? Layouts.floats(format_tag.ab, 1, channels)
                        : Layouts.floats(format_tag.nchw, 1, channels, 1, 1),
                attempt.perChannel());
    }

    Tensor parametricRelu(String name, ParametricRelu step, Tensor input, Shape shape)
            throws EngineUnavailableException {
        boolean perChannel = step.slopes().length == shape.channels();
        Shape slopes = perChannel ? new Shape(1, 1, shape.channels()) : shape;
        for (memory.desc layout : List.of(layouts.preferred(shape), layouts.plain(shape))) {
            Optional<prelu_forward.primitive_desc> found = Candidates.firstFast(() -> new prelu_forward.primitive_desc(
                    new prelu_forward.desc(
                            prop_kind.forward_inference, layout, layouts.ofOne().any(slopes)),
                    PostOperations.attributes(),
                    kernels.processor(),
                    false));
            if (found.isPresent()) {
                Tensor source = kernels.in(layout, name, input);
                Tensor result = kernels.tensor(layout);
                kernels.add(
                        name,
                        found.get(),
                        new prelu_forward(found.get()),
                        kernels.place(DNNL_ARG_SRC, source),
                        new Argument.Fixed(
                                DNNL_ARG_WEIGHTS,
                                weights.packed(
                                        step.slopes(),
                                        layouts.ofOne().plain(slopes),
                                        found.get().weights_desc())),
                        kernels.place(DNNL_ARG_DST, result));
                return result;
            }
        }
        throw Candidates.none(step.describe(), name);
    }
}
