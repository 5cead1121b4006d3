package org.cam4j.explain;

/** What a map explains: a number made of a network's logits, such as one logit, a probability or a difference. */
public interface Target {

    /**
     * Computes the number.
     *
     * @param logits [classes]
     * @return what is explained
     */
    double value(float[] logits);

    /**
     * Differentiates the number by the logits.
     *
     * @param logits [classes], at which to differentiate
     * @return [classes]
     */
    float[] seed(float[] logits);
}
