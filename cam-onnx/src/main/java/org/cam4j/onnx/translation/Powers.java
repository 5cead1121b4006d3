package org.cam4j.onnx.translation;

import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;

/** Powers of one exponent, by squares and roots where they suffice: every engine has those. */
final class Powers {

    private static final int MOST_QUARTERS = 32;

    private Powers() {}

    /** Returns {@code value^exponent}. */
    static Value of(Draft draft, Value value, double exponent) {
        if (exponent == 1) {
            return value;
        }
        double quarters = 4 * Math.abs(exponent);
        if (exponent == 0 || quarters != Math.rint(quarters) || quarters > MOST_QUARTERS) {
            return activated(draft, value, exponent);
        }
        Value positive = positive(draft, value, (int) quarters);
        return exponent < 0 ? activated(draft, positive, -1) : positive;
    }

    /** Returns {@code value^(quarters / 4)}: the product of the roots and squares that the binary number names. */
    private static Value positive(Draft draft, Value value, int quarters) {
        Value product = null;
        Value power = value;
        // From whole powers up, so that a whole exponent needs no root, which has no value for numbers below 0.
        for (int whole = quarters / 4; whole > 0; whole /= 2) {
            if (whole % 2 == 1) {
                product = times(draft, product, power);
            }
            power = whole > 1 ? activated(draft, power, 2) : power;
        }
        if (quarters % 4 != 0) {
            Value root = activated(draft, value, 0.5);
            if (quarters % 4 >= 2) {
                product = times(draft, product, root);
            }
            if (quarters % 2 == 1) {
                product = times(draft, product, activated(draft, root, 0.5));
            }
        }
        return product;
    }

    private static Value times(Draft draft, Value product, Value factor) {
        return product == null ? factor : (Value) draft.combination().multiply(product, factor);
    }

    private static Value activated(Draft draft, Value value, double exponent) {
        return draft.steps().activated(value, new Activation(Function.POWER, (float) exponent, 0));
    }
}
