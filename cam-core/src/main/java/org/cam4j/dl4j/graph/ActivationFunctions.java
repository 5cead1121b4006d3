package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Softmax;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Translates activation functions into a plan: DL4J's own, and those that implement {@link PlannedActivation}. */
public final class ActivationFunctions {

    // Klambauer et al., Self-Normalizing Neural Networks, NeurIPS 2017.
    private static final float SELU_ALPHA = (float) 1.6732632423543772;
    private static final float SELU_SCALE = (float) 1.0507009873554805;

    // Hendrycks and Gimpel, Gaussian Error Linear Units, 2016: x·sigmoid(1.702·x).
    private static final float GELU_SIGMOID = 1.702f;

    private static final Map<Class<? extends IActivation>, Activation> PLAIN = Map.ofEntries(
            Map.entry(ActivationIdentity.class, Activation.IDENTITY),
            Map.entry(ActivationReLU6.class, Activation.RELU6),
            Map.entry(ActivationSigmoid.class, Activation.SIGMOID),
            Map.entry(ActivationTanH.class, Activation.of(Function.TANH)),
            Map.entry(ActivationSwish.class, Activation.SWISH),
            Map.entry(ActivationSELU.class, new Activation(Function.SCALED_ELU, SELU_ALPHA, SELU_SCALE)),
            Map.entry(ActivationHardSigmoid.class, new Activation(Function.HARD_SIGMOID, 0.2f, 0.5f)),
            Map.entry(ActivationHardTanH.class, new Activation(Function.CLIP, -1, 1)),
            Map.entry(ActivationSoftPlus.class, Activation.of(Function.SOFTPLUS)),
            Map.entry(ActivationSoftSign.class, Activation.of(Function.SOFTSIGN)),
            Map.entry(ActivationMish.class, Activation.of(Function.MISH)));

    private ActivationFunctions() {}

    /**
     * Translates an activation function.
     *
     * @param function DL4J's, or a {@link PlannedActivation}
     * @return the same function
     * @throws IllegalArgumentException if a plan cannot express the function
     */
    public static Activation planned(IActivation function) {
        if (function instanceof PlannedActivation own) {
            return own.planned();
        }
        Activation plain = PLAIN.get(function.getClass());
        if (plain != null) {
            return plain;
        }
        if (function instanceof ActivationReLU relu && !isComposed(relu)) {
            return rectifier(relu);
        }
        if (function instanceof ActivationLReLU leaky) {
            return new Activation(Function.RELU, (float) leaky.getAlpha(), 0);
        }
        if (function instanceof ActivationELU elu) {
            return new Activation(Function.ELU, (float) elu.getAlpha(), 0);
        }
        // The "precise" GELU is not supported: ND4J cubes 0.044715·x, but the approximation with tanh cubes x.
        if (function.equals(new ActivationGELU(false))) {
            return new Activation(Function.SWISH, GELU_SIGMOID, 0);
        }
        throw new IllegalArgumentException("the activation '" + function + "' is not known to the plan");
    }

    /**
     * Returns the activation with which a layer's operation can end; the identity if {@link #addRest} must add it.
     *
     * @param function DL4J's, or a {@link PlannedActivation}
     * @return the same function, or the identity
     * @throws IllegalArgumentException if a plan cannot express the function
     */
    public static Activation end(IActivation function) {
        return isOperation(function) ? Activation.IDENTITY : planned(function);
    }

    /**
     * Adds the operations of an activation function that is not elementwise or takes several steps.
     *
     * @param plan receives the operations
     * @param name the layer's name, for the steps
     * @param function DL4J's, or a {@link PlannedActivation}
     * @param value the result of a layer that ends with {@link #end}
     * @param format the layout of the graph
     * @return the number of the result; {@code value} itself if nothing is added
     * @throws IllegalArgumentException if a plan cannot express the function
     */
    public static int addRest(PlanBuilder plan, String name, IActivation function, int value, CNN2DFormat format) {
        if (!isOperation(function)) {
            return value;
        }
        if (function instanceof ActivationReLU relu) {
            return rectified(plan, name, relu, value);
        }
        if (format != CNN2DFormat.NHWC && !plan.shape(value).isVector()) {
            throw new IllegalArgumentException(
                    "a softmax of rows in a graph of " + format + " is not known to the plan");
        }
        return plan.add(name, new Softmax(), value);
    }

    private static boolean isOperation(IActivation function) {
        return function instanceof ActivationSoftmax || (function instanceof ActivationReLU relu && isComposed(relu));
    }

    /** Whether a rectifier combines two or more of slope, maximum and threshold. */
    private static boolean isComposed(ActivationReLU relu) {
        int settings = (threshold(relu) == 0 ? 0 : 1)
                + (slope(relu) == 0 ? 0 : 1)
                + (maximum(relu).isEmpty() ? 0 : 1);
        return settings > 1;
    }

    /** With {@code θ} the threshold, {@code s} the slope: the numbers above {@code θ}, up to the maximum, less {@code s·max(θ - x, 0)}. */
    private static int rectified(PlanBuilder plan, String name, ActivationReLU relu, int value) {
        float threshold = (float) threshold(relu);
        int result = threshold == 0
                ? value
                : plan.add(name, new Activate(new Activation(Function.THRESHOLD, threshold, 0)), value);
        Activation above = maximum(relu)
                .map(maximum -> new Activation(Function.CLIP, 0, maximum.floatValue()))
                .orElse(threshold == 0 ? Activation.RELU : Activation.IDENTITY);
        if (!above.isIdentity()) {
            result = plan.add(name, new Activate(above), result);
        }
        if (slope(relu) == 0) {
            return result;
        }
        int channels = plan.shape(value).channels();
        int below = plan.add(name, ScaleShift.uniform(channels, -1, threshold).withActivation(Activation.RELU), value);
        int sloped = plan.add(name, ScaleShift.uniform(channels, (float) -slope(relu), 0), below);
        return plan.add(name, new Elementwise(Elementwise.Kind.ADD), result, sloped);
    }

    private static double threshold(ActivationReLU relu) {
        return relu.getThreshold() == null ? 0 : relu.getThreshold();
    }

    private static double slope(ActivationReLU relu) {
        return relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope();
    }

    private static Optional<Double> maximum(ActivationReLU relu) {
        // A maximum of 0 is valid: all results are 0. A maximum below 0 would contradict the plan's lower bound of 0.
        if (relu.getMax() != null && relu.getMax() < 0) {
            throw new IllegalArgumentException("the activation '" + relu + "' has a maximum of " + relu.getMax()
                    + ", which is not known to the plan");
        }
        return Optional.ofNullable(relu.getMax());
    }

    private static Activation rectifier(ActivationReLU relu) {
        if (threshold(relu) != 0) {
            return new Activation(Function.THRESHOLD, (float) threshold(relu), 0);
        }
        return maximum(relu)
                .map(maximum -> new Activation(Function.CLIP, 0, maximum.floatValue()))
                .orElse(new Activation(Function.RELU, (float) slope(relu), 0));
    }
}
