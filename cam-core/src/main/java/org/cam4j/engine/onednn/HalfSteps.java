package org.cam4j.engine.onednn;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Window;

/**
 * Compiles the steps that are computed in bfloat16: convolutions, dense layers and what moves values between them, up to the plan's
 * outputs. Products are added up in single precision.
 *
 * <p>Outputs, and every value computed from one, are floats: the target layer's activations, the head and the logits. So is what
 * poolings, joins, normalizations and sums read on the way to an output, and what oneDNN has no fast kernel for in bfloat16; values that
 * such steps read are converted.
 */
final class HalfSteps {

    /** Values that depend on an output. */
    private final Set<Integer> behindOutputs = new HashSet<>();

    /** Outputs, and what leads from the layers that multiply to them. */
    private final Set<Integer> floats = new HashSet<>();

    private final Optional<StepCompiler> halves;
    private final Optional<StepCompiler> toFloats;

    private HalfSteps(InferencePlan plan, Optional<StepCompiler> halves, Optional<StepCompiler> toFloats) {
        this.halves = halves;
        this.toFloats = toFloats;
        for (Step step : plan.steps()) {
            if (step.inputs().stream()
                    .anyMatch(value -> plan.outputs().containsValue(value) || behindOutputs.contains(value))) {
                behindOutputs.add(step.value());
            }
        }
        floats.addAll(plan.outputs().values());
        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            Step step = plan.steps().get(i);
            if (floats.contains(step.value()) && !multiplies(step.operation())) {
                floats.addAll(step.inputs());
            }
        }
    }

    /** Creates the compiler; it compiles nothing in single precision. */
    static HalfSteps of(InferencePlan plan, Precision precision, KernelList floats, Weights weights) {
        if (precision == Precision.FLOAT32) {
            return new HalfSteps(plan, Optional.empty(), Optional.empty());
        }
        KernelList halves = floats.with(floats.layouts().ofHalves());
        return new HalfSteps(
                plan,
                Optional.of(new StepCompiler(halves, weights)),
                Optional.of(new StepCompiler(halves, floats, weights)));
    }

    /** Compiles a step; returns nothing for one that is left to single precision. */
    Optional<Tensor> compile(Step step, Operands operands) {
        Operation operation = step.operation();
        boolean isFloat = floats.contains(step.value());
        if (halves.isEmpty() || behindOutputs.contains(step.value()) || !isKnown(operation, isFloat)) {
            return Optional.empty();
        }
        try {
            return Optional.of((isFloat ? toFloats : halves).get().compile(operation, operands));
        } catch (EngineUnavailableException noSuchKernel) {
            return Optional.empty();
        } catch (RuntimeException e) {
            // oneDNN's errors are exactly RuntimeException in JavaCPP.
            if (e.getClass() != RuntimeException.class) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Whether oneDNN has fast kernels for an operation; those that only move or combine values cannot turn them into floats. */
    private static boolean isKnown(Operation operation, boolean isFloat) {
        if (operation instanceof Activated activated && !PostOperations.has(activated.activation())) {
            return false;
        }
        if (operation instanceof Convolution convolution && skipsCells(convolution.window())) {
            return false;
        }
        return multiplies(operation) || (!isFloat && moves(operation));
    }

    /**
     * Whether a window leaves out cells between its positions. In bfloat16 {@code convolution 1x2/5 99->65} of 1x2 cells and
     * {@code convolution 2x2/9 32->80} of 11x11 end the process. A 1x1 window with strides, as in ResNet, counts too: none was seen to
     * fail, but all random plans known not to crash compute these in floats.
     */
    private static boolean skipsCells(Window window) {
        return window.strideY() > window.spanY() || window.strideX() > window.spanX();
    }

    private static boolean multiplies(Operation operation) {
        return operation instanceof Convolution || operation instanceof Dense;
    }

    private static boolean moves(Operation operation) {
        return operation instanceof Concatenate
                || operation instanceof Elementwise
                || operation instanceof GlobalPooling
                || operation instanceof Pad
                || operation instanceof Pooling;
    }
}
