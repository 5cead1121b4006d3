package org.cam4j.testing.random;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What came of a random plan.
 *
 * @param kind whether something was found, and what
 * @param networks networks that were run
 * @param refused networks that the engine said that it does not run, so that another one does
 * @param outOfRange networks whose numbers are too large for single precision
 * @param worst the largest error in parts of what rounding may do on average
 * @param finding in words; empty where nothing was found
 */
record TrialResult(Kind kind, int networks, int refused, int outOfRange, double worst, String finding) {

    /** What may be found. */
    enum Kind {
        /** Nothing. */
        PASSED,
        /** Numbers that rounding does not explain. */
        DIFFERENCE,
        /** An exception that is no refusal. */
        EXCEPTION,
        /** The process was gone. */
        CRASH,
        /** No answer. */
        HANG
    }

    static TrialResult passed(int networks, int refused, int outOfRange, double worst) {
        return new TrialResult(Kind.PASSED, networks, refused, outOfRange, worst, "");
    }

    static TrialResult found(Kind kind, String finding) {
        return new TrialResult(kind, 0, 0, 0, 0, finding);
    }

    boolean hasPassed() {
        return kind == Kind.PASSED;
    }

    /** One line. */
    String encoded() {
        String words = Base64.getEncoder().encodeToString(finding.getBytes(StandardCharsets.UTF_8));
        return kind + " " + networks + " " + refused + " " + outOfRange + " " + worst + " " + words + ".";
    }

    /** What {@link #encoded()} gave. */
    static TrialResult decoded(String line) {
        String[] parts = line.split(" ", -1);
        String words = parts[5].substring(0, parts[5].length() - 1);
        return new TrialResult(
                Kind.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Double.parseDouble(parts[4]),
                new String(Base64.getDecoder().decode(words), StandardCharsets.UTF_8));
    }
}
