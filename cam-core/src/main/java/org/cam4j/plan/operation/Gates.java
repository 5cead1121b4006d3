package org.cam4j.plan.operation;

/** What a reverse walk makes of a function that is not linear. */
public enum Gates {
    /**
     * The function is held as the factor that it is for these numbers: {@code (φ(z) - φ(0))/z} for an activation. Then the network is
     * linear, and its maps add up to the score.
     */
    HELD,
    /** The function is differentiated: {@code φ'(z)}, as gradient methods do. */
    DIFFERENTIATED
}
