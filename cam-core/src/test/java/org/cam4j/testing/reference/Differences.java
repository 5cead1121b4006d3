package org.cam4j.testing.reference;

import java.util.Optional;

/** Compares numbers in single precision with exact ones. */
public final class Differences {

    /** The analysis says what rounding does on average; this often that much it does at worst. */
    public static final double TOLERANCE = 4;

    /** Below it numbers may be flushed to zero. */
    private static final double SMALLEST = 1e-30;

    private double worst;

    /**
     * Compares a part of an array.
     *
     * @param found in single precision
     * @param offset where the part begins
     * @param exact as many as are compared
     * @param errors what rounding may do to each
     * @return what is wrong, in words; empty if rounding explains all
     */
    public Optional<String> in(float[] found, int offset, double[] exact, double[] errors) {
        int wrong = 0;
        String first = "";
        for (int i = 0; i < exact.length; i++) {
            double share = Math.abs(found[offset + i] - exact[i]) / (errors[i] + SMALLEST);
            // Also where it is no number.
            if (!(share <= TOLERANCE)) {
                if (wrong == 0) {
                    first = "number " + i + " is " + found[offset + i] + " where " + exact[i]
                            + " belongs, which may be " + errors[i] + " off";
                }
                wrong++;
            } else {
                worst = Math.max(worst, share);
            }
        }
        return wrong == 0 ? Optional.empty() : Optional.of(first + "; " + wrong + " of " + exact.length + " are wrong");
    }

    /** The largest error that was allowed so far, in parts of what rounding does on average. */
    public double worst() {
        return worst;
    }
}
