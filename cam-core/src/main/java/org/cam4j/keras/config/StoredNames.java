package org.cam4j.keras.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Names of layers' weights in {@code .keras} and {@code .weights.h5} files: the class in snake case, with a number from the second layer of
 * the class on.
 */
public final class StoredNames {

    /** The group of a model's layers. */
    public static final String LAYERS = "layers";

    private final Map<String, Integer> used = new HashMap<>();

    /** Returns the name of the next layer of a class. */
    public String next(String className) {
        String snake = className
                .replaceAll("\\W+", "")
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
        int number = used.merge(snake, 1, Integer::sum) - 1;
        return number == 0 ? snake : snake + "_" + number;
    }
}
