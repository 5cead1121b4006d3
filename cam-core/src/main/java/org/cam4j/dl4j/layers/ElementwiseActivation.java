package org.cam4j.dl4j.layers;

import java.util.Objects;
import org.cam4j.dl4j.graph.PlannedActivation;
import org.cam4j.plan.operation.Activation;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** An activation function of Keras that DL4J lacks or computes differently. */
public final class ElementwiseActivation extends BaseActivationFunction implements PlannedActivation {

    /** The functions. */
    public enum Function {
        /** x · Φ(x) with the normal distribution's Φ (Hendrycks and Gimpel, 2016); DL4J has only approximations. */
        GELU {
            @Override
            INDArray of(INDArray x) {
                return normal(x).muli(x);
            }

            @Override
            INDArray slope(INDArray x) {
                INDArray density = Transforms.exp(x.mul(x).muli(-0.5), false).muli(1 / Math.sqrt(2 * Math.PI));
                return density.muli(x).addi(normal(x));
            }

            private INDArray normal(INDArray x) {
                INDArray scaled = x.mul(1 / Math.sqrt(2));
                Nd4j.getExecutioner().exec(new Erf(scaled, scaled));
                return scaled.addi(1).muli(0.5);
            }
        },
        /** x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, which Keras calls {@code gelu} with {@code approximate=True}. */
        GELU_TANH {
            @Override
            INDArray of(INDArray x) {
                return inner(x).addi(1).muli(x).muli(0.5);
            }

            @Override
            INDArray slope(INDArray x) {
                INDArray tanh = inner(x);
                INDArray inside = x.mul(x).muli(3 * CUBIC).addi(1).muli(ROOT);
                INDArray right = tanh.mul(tanh).rsubi(1).muli(inside).muli(x);
                return tanh.addi(1).addi(right).muli(0.5);
            }

            private INDArray inner(INDArray x) {
                INDArray cubic = x.mul(x).muli(CUBIC).addi(1).muli(x).muli(ROOT);
                return Transforms.tanh(cubic, false);
            }
        },
        /** x · tanh(log(1 + exp(x))) (Misra, BMVC 2020). */
        MISH {
            @Override
            INDArray of(INDArray x) {
                return gate(x).muli(x);
            }

            @Override
            INDArray slope(INDArray x) {
                INDArray gate = gate(x);
                INDArray steep =
                        gate.mul(gate).rsubi(1).muli(Transforms.sigmoid(x)).muli(x);
                return gate.addi(steep);
            }

            private INDArray gate(INDArray x) {
                return Transforms.tanh(Transforms.softPlus(x, true), false);
            }
        },
        /** relu6(x + 3) / 6: {@code hard_sigmoid} of Keras 3 and of MobileNetV3 (Howard et al., ICCV 2019). */
        RELU6_SIGMOID {
            @Override
            INDArray of(INDArray x) {
                return ramp(x);
            }

            @Override
            INDArray slope(INDArray x) {
                return inside(x).divi(6);
            }
        },
        /** x · relu6(x + 3) / 6: {@code hard_silu}, also called {@code hard_swish}. */
        HARD_SWISH {
            @Override
            INDArray of(INDArray x) {
                return ramp(x).muli(x);
            }

            @Override
            INDArray slope(INDArray x) {
                return inside(x).divi(6).muli(x).addi(ramp(x));
            }
        },
        /** exp(x). */
        EXPONENTIAL {
            @Override
            INDArray of(INDArray x) {
                return Transforms.exp(x, true);
            }

            @Override
            INDArray slope(INDArray x) {
                return Transforms.exp(x, true);
            }
        };

        private static final double CUBIC = 0.044715;
        private static final double ROOT = Math.sqrt(2 / Math.PI);

        /** Computes the function's values in a new array. */
        abstract INDArray of(INDArray x);

        /** Computes the function's derivatives in a new array. */
        abstract INDArray slope(INDArray x);

        private static INDArray ramp(INDArray x) {
            INDArray ramp = Transforms.max(x.add(3), 0, false);
            return Transforms.min(ramp, 6, false).divi(6);
        }

        /** 1 between -3 and 3, 0 elsewhere. */
        private static INDArray inside(INDArray x) {
            return Transforms.abs(x, true).lt(3).castTo(x.dataType());
        }
    }

    private static final long serialVersionUID = 1;

    private final Function function;

    /**
     * Creates an activation.
     *
     * @param function the function to compute
     */
    public ElementwiseActivation(@JsonProperty("function") Function function) {
        this.function = Objects.requireNonNull(function, "function");
    }

    /**
     * Returns the function that the activation computes.
     *
     * @return the function
     */
    public Function getFunction() {
        return function;
    }

    @Override
    public Activation planned() {
        return switch (function) {
            case GELU -> Activation.of(Activation.Function.GELU);
            case GELU_TANH -> Activation.of(Activation.Function.GELU_TANH);
            case MISH -> Activation.of(Activation.Function.MISH);
            case RELU6_SIGMOID -> new Activation(Activation.Function.HARD_SIGMOID, 1f / 6, 0.5f);
            case HARD_SWISH -> new Activation(Activation.Function.HARD_SWISH, 1f / 6, 0.5f);
            case EXPONENTIAL -> Activation.of(Activation.Function.EXPONENTIAL);
        };
    }

    /** Overwrites its input, as DL4J asks of activations. */
    @Override
    public INDArray getActivation(INDArray x, boolean training) {
        return x.assign(function.of(x));
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray x, INDArray gradient) {
        assertShape(x, gradient);
        return new Pair<>(function.slope(x).muli(gradient), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ElementwiseActivation activation && activation.function == function;
    }

    @Override
    public int hashCode() {
        return function.hashCode();
    }

    @Override
    public String toString() {
        return function.name();
    }
}
