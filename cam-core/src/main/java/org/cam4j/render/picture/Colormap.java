package org.cam4j.render.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Colours for numbers from 0 to 1: 256 steps, the same as in matplotlib.
 *
 * <p>Origins and licences of the tables are noted in {@code colormaps.txt} beside this class.
 */
public enum Colormap {
    /** Dark blue, cyan, green, yellow, red: Turbo, an even rainbow (Mikhailov, 2019). The default. */
    TURBO(table("turbo")),

    /** Purple to yellow, evenly brighter; reads in print and by the colour-blind (van der Walt, Smith and Firing, 2015). */
    VIRIDIS(table("viridis")),

    /** The rainbow of older papers, of CAM's too. Its bright bands show edges where there are none. */
    JET(jet()),

    /** Black over red to pale yellow, evenly brighter (van der Walt and Smith, 2015). */
    INFERNO(table("inferno")),

    /** Black to white. */
    GREY(grey());

    private static final int STEPS = 256;

    @SuppressWarnings("ImmutableEnumChecker") // Filled before the constant exists and never handed out.
    private final int[] colours;

    Colormap(int[] colours) {
        this.colours = colours;
    }

    /**
     * The colour of a number.
     *
     * @param value in [0, 1]; smaller ones count as 0, larger ones as 1
     * @return {@code 0xRRGGBB}: step {@code floor(256 · value)} of the table, the last step for 1
     * @throws IllegalArgumentException if the value is NaN, which has no colour
     */
    public int rgb(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("NaN has no colour: give a number in [0, 1]");
        }
        return colours[(int) Math.min(Math.max(value * STEPS, 0), STEPS - 1)];
    }

    /** All steps, [256] {@code 0xRRGGBB}; a copy. */
    public int[] table() {
        return colours.clone();
    }

    /** matplotlib's piecewise linear definition: each channel rises, stays and falls between fixed corners. */
    private static int[] jet() {
        int[] colours = new int[STEPS];
        for (int i = 0; i < STEPS; i++) {
            double x = i / (STEPS - 1.0);
            double red = Math.min((x - 0.35) / 0.31, 1 - (x - 0.89) / 0.22);
            double green = Math.min((x - 0.125) / 0.25, (0.91 - x) / 0.27);
            double blue = Math.min(0.5 + x / 0.22, (0.65 - x) / 0.31);
            colours[i] = channel(red) << 16 | channel(green) << 8 | channel(blue);
        }
        return colours;
    }

    private static int channel(double level) {
        // Every other level lies halfway between two steps: up, also where floating point leaves it a hair below.
        return (int) (255 * Math.min(Math.max(level, 0), 1) + 0.5 + 1e-9);
    }

    private static int[] grey() {
        int[] colours = new int[STEPS];
        for (int i = 0; i < STEPS; i++) {
            colours[i] = i * 0x010101;
        }
        return colours;
    }

    /** The 16 lines of 16 colours below a name. */
    private static int[] table(String name) {
        List<String> lines = lines();
        int first = lines.indexOf(name) + 1;
        return lines.subList(first, first + 16).stream()
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .mapToInt(HexFormat::fromHexDigits)
                .toArray();
    }

    private static List<String> lines() {
        try (InputStream in = Colormap.class.getResourceAsStream("colormaps.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the colour tables cannot be read from cam4j's jar: " + e.getMessage(), e);
        }
    }
}
