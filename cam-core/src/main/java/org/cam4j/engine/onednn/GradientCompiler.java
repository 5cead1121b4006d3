package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/**
 * Compiles operations of the way back. oneDNN's own kernels serve for the most common derivatives; the rest is computed by its definition
 * in Java, in which a network spends little.
 */
final class GradientCompiler {

    private final KernelList kernels;

    GradientCompiler(KernelList kernels) {
        this.kernels = kernels;
    }

    Tensor activation(ActivationGradient operation, Operands step) {
        Optional<algorithm> known = derivative(operation);
        if (known.isEmpty()) {
            return byDefinition(operation, step);
        }
        Activation activation = operation.activation();
        for (Function<Shape, memory.desc> layout : kernels.layouts().toTry()) {
            memory.desc cells = layout.apply(step.output());
            Optional<eltwise_backward.primitive_desc> found =
                    Candidates.firstFast(() -> described(known.get(), activation, cells));
            if (found.isPresent()) {
                Tensor gradient = kernels.in(cells, step.name(), step.input());
                Tensor value = kernels.in(cells, step.name(), step.inputs().get(1));
                Tensor result = kernels.tensor(cells);
                kernels.add(
                        step.name(),
                        found.get(),
                        new eltwise_backward(found.get()),
                        kernels.place(DNNL_ARG_DIFF_DST, gradient),
                        kernels.place(DNNL_ARG_SRC, value),
                        kernels.place(DNNL_ARG_DIFF_SRC, result));
                return kernels.inPreferredLayout(step.name(), result, step.output());
            }
        }
        return byDefinition(operation, step);
    }

    private eltwise_backward.primitive_desc described(algorithm function, Activation activation, memory.desc cells) {
        eltwise_forward.primitive_desc forward = new eltwise_forward.primitive_desc(
                new eltwise_forward.desc(
                        prop_kind.forward_training, function, cells, activation.alpha(), activation.beta()),
                PostOperations.attributes(),
                kernels.processor(),
                false);
        return new eltwise_backward.primitive_desc(
                new eltwise_backward.desc(function, cells, cells, activation.alpha(), activation.beta()),
                PostOperations.attributes(),
                kernels.processor(),
                forward,
                false);
    }

    /** oneDNN's function with the same derivative, also at its kinks. */
    private static Optional<algorithm> derivative(ActivationGradient operation) {
        Activation.Function function = operation.activation().function();
        if (function == Activation.Function.RELU) {
            return Optional.of(algorithm.eltwise_relu);
        }
        if (operation.gates() == Gates.HELD) {
            return Optional.empty();
        }
        return switch (function) {
            case SIGMOID -> Optional.of(algorithm.eltwise_logistic);
            case TANH -> Optional.of(algorithm.eltwise_tanh);
            case SWISH -> Optional.of(algorithm.eltwise_swish);
            case GELU -> Optional.of(algorithm.eltwise_gelu_erf);
            default -> Optional.empty();
        };
    }

    /** Computes an operation in Java. */
    Tensor byDefinition(Operation operation, Operands step) {
        Tensor result = kernels.tensor(kernels.layouts().plain(step.output()));
        List<Tensor> read = new ArrayList<>();
        for (int i = 0; i < step.inputs().size(); i++) {
            Shape shape = step.shapes().get(i);
            read.add(kernels.in(
                    kernels.layouts().plain(shape), step.name(), step.inputs().get(i)));
        }
        kernels.define(operation, step.shapes(), read, step.output(), result);
        return kernels.inPreferredLayout(step.name(), result, step.output());
    }
}
