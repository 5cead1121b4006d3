package org.cam4j.image.vp8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The tables of RFC 6386 that are too long for code; {@code tables.txt} holds them. */
final class Tables {

    static final int MODES = 10;
    static final int MODE_PROBABILITIES = MODES - 1;
    static final int KINDS = 4;
    static final int BANDS = 8;
    static final int CONTEXTS = 3;
    static final int COEFFICIENT_PROBABILITIES = 11;
    static final int STEPS = 128;

    private static final int[] ALL = read();
    private static final int ALL_MODES = MODES * MODES * MODE_PROBABILITIES;
    private static final int ALL_COEFFICIENTS = KINDS * BANDS * CONTEXTS * COEFFICIENT_PROBABILITIES;

    /** Probabilities of the tree of modes of 4x4 blocks [mode above, mode to the left, 9]. */
    static final int[] BLOCK_MODES = part(0, ALL_MODES);

    /** Initial probabilities of coefficients [kind of block, band, context, 11]. */
    static final int[] COEFFICIENTS = part(ALL_MODES, ALL_COEFFICIENTS);

    /** The probability that one of them is kept. */
    static final int[] COEFFICIENT_UPDATES = part(ALL_MODES + ALL_COEFFICIENTS, ALL_COEFFICIENTS);

    /** Quantizer steps of a block's first coefficient. */
    static final int[] DC_STEPS = part(ALL_MODES + 2 * ALL_COEFFICIENTS, STEPS);

    /** Quantizer steps of its other coefficients. */
    static final int[] AC_STEPS = part(ALL_MODES + 2 * ALL_COEFFICIENTS + STEPS, STEPS);

    private Tables() {}

    private static int[] part(int start, int length) {
        return Arrays.copyOfRange(ALL, start, start + length);
    }

    private static int[] read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Tables.class.getResourceAsStream("tables.txt"), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException("tables.txt is missing from cam-core's jar", e);
        }
    }
}
