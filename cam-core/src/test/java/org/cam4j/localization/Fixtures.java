package org.cam4j.localization;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The text files that src/test/python/localization_fixtures.py writes. */
final class Fixtures {

    private Fixtures() {}

    static List<String> lines(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/localization/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> words(String line) {
        return Arrays.asList(line.split(" ", -1));
    }

    static int[] integers(String line, int count) {
        return words(line).stream().limit(count).mapToInt(Integer::parseInt).toArray();
    }
}
