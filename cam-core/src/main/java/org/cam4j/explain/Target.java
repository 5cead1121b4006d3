package org.cam4j.explain;

/**
 * What a map explains: a number made of a network's logits, such as one logit, a probability or a difference. Immutable and thread-safe.
 *
 * <p>Computed in double precision.
 */
public interface Target {

    /**
     * Returns the class that the number speaks for.
     *
     * @return in [0, classes)
     */
    int classIndex();

    /**
     * Computes the number.
     *
     * @param logits [classes]
     * @return what is explained
     */
    double value(double[] logits);

    /**
     * Differentiates the number by the logits.
     *
     * @param logits [classes], at which to differentiate
     * @return [classes]
     */
    double[] seed(double[] logits);

    /**
     * Differentiates the number by the logits twice. Defaults to central differences of {@link #seed(double[])}.
     *
     * @param logits [classes], at which to differentiate
     * @param index the class by whose logit the second derivative is taken
     * @return {@code ∂ seed / ∂ logit_index}, [classes]
     */
    default double[] curvature(double[] logits, int index) {
        // 1e-4 is near the fourth root of a double's precision: what is left out and what is rounded off are both about
        // 1e-9.
        double step = 1e-4 * Math.max(1, Math.abs(logits[index]));
        double[] moved = logits.clone();
        moved[index] = logits[index] + step;
        double[] above = seed(moved);
        moved[index] = logits[index] - step;
        double[] below = seed(moved);
        for (int i = 0; i < above.length; i++) {
            above[i] = (above[i] - below[i]) / (2 * step);
        }
        return above;
    }

    /**
     * Computes the number from logits in single precision.
     *
     * @param logits [classes]
     * @return what is explained
     */
    default double value(float[] logits) {
        return value(Doubles.of(logits));
    }

    /**
     * Differentiates the number by logits in single precision.
     *
     * @param logits [classes], at which to differentiate
     * @return [classes], what {@link ExplainedImage#gradient} takes
     */
    default float[] seed(float[] logits) {
        return Doubles.rounded(seed(Doubles.of(logits)));
    }

    /**
     * Explains a logit.
     *
     * @param classIndex the class
     * @return {@code y_c}
     */
    static Target logit(int classIndex) {
        return new LogitTarget(classIndex);
    }

    /**
     * Explains why a class and not another one.
     *
     * @param classIndex the class
     * @param other the other class
     * @return {@code y_c - y_other}
     */
    static Target difference(int classIndex, int other) {
        return logit(classIndex).minus(logit(other));
    }

    /**
     * Explains the logarithm of a probability of classes that exclude each other.
     *
     * @param classIndex the class
     * @return {@code log p_c}, p the softmax of the logits
     */
    static Target logSoftmax(int classIndex) {
        return new LogSoftmaxTarget(classIndex);
    }

    /**
     * Explains the logarithm of a probability of one of many labels.
     *
     * @param logit the label's logit
     * @return {@code log σ(logit)}
     */
    static Target logSigmoid(Target logit) {
        return new LogSigmoidTarget(logit);
    }

    /**
     * Explains the logarithm of an output that is a probability itself.
     *
     * @param classIndex the class
     * @return {@code log y_c}
     */
    static Target logOutput(int classIndex) {
        return new LogOutputTarget(classIndex);
    }

    /**
     * Explains a number whose logarithm is a target: {@code Target.logSoftmax(c).exp()} is a probability.
     *
     * @return {@code e} to the power of this target
     */
    default Target exp() {
        return new ExponentialTarget(this);
    }

    /**
     * Adds a target.
     *
     * @param other what is added
     * @return a target of this one's class
     */
    default Target plus(Target other) {
        return new SumTarget(this, 1, other);
    }

    /**
     * Subtracts a target.
     *
     * @param other what is subtracted
     * @return a target of this one's class
     */
    default Target minus(Target other) {
        return new SumTarget(this, -1, other);
    }
}
