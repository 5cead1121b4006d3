package org.cam4j.explain;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Whose version of a method: the authors', or that of a library from which users come. */
public enum Variant {

    /** The paper's formula, or the authors' own code where that says more. Every method's default. */
    AUTHORS(""),

    /** As pytorch-grad-cam 1.5.7 computes it. */
    PYTORCH_GRAD_CAM("pytorch-grad-cam"),

    /** As torch-cam 0.5.0 computes it. */
    TORCH_CAM("torch-cam");

    private final String suffix;

    Variant(String suffix) {
        this.suffix = suffix;
    }

    /** Returns {@code method}, or {@code method:library}. */
    String of(String method) {
        return suffix.isEmpty() ? method : method + ":" + suffix;
    }

    /** Refuses a variant that a method does not have. */
    void requireOneOf(String method, Variant... known) {
        if (!List.of(known).contains(this)) {
            throw new IllegalArgumentException("there is no " + of(method) + "; choose "
                    + Arrays.stream(known).map(variant -> variant.of(method)).collect(Collectors.joining(" or ")));
        }
    }
}
