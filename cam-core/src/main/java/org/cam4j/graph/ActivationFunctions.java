package org.cam4j.graph;

import java.util.Map;
import org.cam4j.plan.Activation;
import org.cam4j.plan.Activation.Function;
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
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** What DL4J's activation functions, and those that say it themselves, are called in a plan. */
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
     * What an activation function is in a plan.
     *
     * @param function DL4J's, or one of one's own that is a {@link PlannedActivation}
     * @return the same function
     * @throws IllegalArgumentException if no plan can say it
     */
    public static Activation planned(IActivation function) {
        if (function instanceof PlannedActivation own) {
            return own.planned();
        }
        Activation plain = PLAIN.get(function.getClass());
        if (plain != null) {
            return plain;
        }
        if (function instanceof ActivationReLU relu) {
            return rectifier(relu);
        }
        if (function instanceof ActivationLReLU leaky) {
            return new Activation(Function.RELU, (float) leaky.getAlpha(), 0);
        }
        if (function instanceof ActivationELU elu) {
            return new Activation(Function.ELU, (float) elu.getAlpha(), 0);
        }
        // The precise one is not: ND4J cubes 0.044715·x where the approximation with tanh cubes x.
        if (function.equals(new ActivationGELU(false))) {
            return new Activation(Function.SWISH, GELU_SIGMOID, 0);
        }
        throw new IllegalArgumentException("the activation '" + function + "' is not known to the plan");
    }

    private static Activation rectifier(ActivationReLU relu) {
        double threshold = relu.getThreshold() == null ? 0 : relu.getThreshold();
        double slope = relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope();
        if (threshold != 0 || (relu.getMax() != null && relu.getMax() > 0 && slope != 0)) {
            throw new IllegalArgumentException("relu with threshold " + threshold + ", slope " + slope + " and maximum "
                    + relu.getMax() + " is not known to the plan");
        }
        return relu.getMax() != null && relu.getMax() > 0
                ? new Activation(Function.CLIP, 0, relu.getMax().floatValue())
                : new Activation(Function.RELU, (float) slope, 0);
    }
}
