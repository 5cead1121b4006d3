package org.cam4j.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The options of a command line, each a name and a value. */
record Options(Map<String, String> values) {

    static Options of(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            values.put(arguments[i], arguments[i + 1]);
        }
        return new Options(values);
    }

    String text(String name) {
        return values.get(name);
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }

    Path path(String name) {
        return Path.of(text(name));
    }
}
