package org.cam4j.keras.config;

import java.util.Optional;
import java.util.Set;

/** Models of other packages. Their files hold no layers, only the settings from which the package's code builds the layers. */
public final class ForeignModels {

    private static final Set<String> PACKAGES = Set.of("keras_hub", "keras_nlp", "keras_cv");

    private ForeignModels() {}

    /** Returns why a class such as {@code keras_hub>ResNetBackbone} cannot be read; empty for classes of no such package. */
    public static Optional<String> objection(String className) {
        int end = className.indexOf('>');
        return end > 0 && PACKAGES.contains(className.substring(0, end))
                ? Optional.of("a part of " + className.substring(0, end)
                        + ", whose layers are not in the file. In Keras, connect the layers themselves and save that:"
                        + " keras.Model(backbone.input, head(backbone.output))")
                : Optional.empty();
    }
}
