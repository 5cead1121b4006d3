package org.cam4j.engine;

import java.util.Locale;

/** How an engine stores and multiplies a network's numbers. */
public enum Precision {
    /** Floats of 32 bits. The default. */
    FLOAT32,
    /**
     * Bfloat16, the upper half of a float with 8 bits of mantissa, for weights and for values between layers. Products are added up as
     * floats; the target layer's activations, the head, logits and maps are floats. Faster where the processor has instructions for it,
     * and less exact: see the documentation for what it changes.
     */
    BFLOAT16;

    /**
     * Returns the name as options and messages write it.
     *
     * @return {@code float32} or {@code bfloat16}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
