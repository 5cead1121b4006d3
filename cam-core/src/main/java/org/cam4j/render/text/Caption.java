package org.cam4j.render.text;

import java.util.Locale;

/** Numbers as captions have them. */
public final class Caption {

    private Caption() {}

    /**
     * A probability with two decimals that never claims more than it knows: {@code 0.97}; {@code >0.99} short of 1, {@code
     * <0.01} above 0.
     */
    public static String probability(double probability) {
        if (probability > 0.995 && probability < 1) {
            return ">0.99";
        }
        if (probability < 0.005 && probability > 0) {
            return "<0.01";
        }
        return String.format(Locale.ROOT, "%.2f", probability);
    }
}
