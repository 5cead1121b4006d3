package org.cam4j.engine.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.primitive_desc_base;
import org.cam4j.engine.EngineUnavailableException;

/** Chooses the first of several primitives for which oneDNN has fast code. */
final class Candidates {

    /** Describes a primitive; oneDNN throws a RuntimeException where it has none. */
    @FunctionalInterface
    interface Candidate<D extends primitive_desc_base> {
        D describe();
    }

    private Candidates() {}

    @SafeVarargs
    static <D extends primitive_desc_base> Optional<D> firstFast(Candidate<? extends D>... candidates) {
        for (Candidate<? extends D> candidate : candidates) {
            D found = describe(candidate);
            if (found != null && !isReference(found)) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns what to throw if no candidate is fast.
     *
     * @param what is to be computed
     * @param name of the step
     */
    static EngineUnavailableException none(String what, String name) {
        return new EngineUnavailableException("it has no fast kernel for " + what + " ('" + name + "')");
    }

    private static <D extends primitive_desc_base> D describe(Candidate<? extends D> candidate) {
        try {
            return candidate.describe();
        } catch (RuntimeException noSuchKernel) {
            // oneDNN's way to say "unimplemented"; the next candidate, or a refusal that names the step, follows.
            return null;
        }
    }

    /** Whether the code is oneDNN's reference implementation, a thousand times slower than its other code. */
    private static boolean isReference(primitive_desc_base described) {
        return implementation(described).startsWith("ref");
    }

    static String implementation(primitive_desc_base described) {
        return described.impl_info_str().getString();
    }
}
