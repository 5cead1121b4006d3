package org.cam4j.render.picture;

/**
 * Colours for numbers from -1 to 1: blue over white to red, ColorBrewer's RdBu of eleven colours from the other end, linear between them;
 * as matplotlib's {@code RdBu_r}. Both ends are told apart by the colour-blind.
 */
public final class DivergingColormap {

    /** ColorBrewer 2.0, RdBu, 11 classes (Apache License 2.0), blue first. */
    private static final int[] COLOURS = {
        0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F
    };

    private DivergingColormap() {}

    /**
     * The colour of a number.
     *
     * @param value in [-1, 1]; smaller ones count as -1, larger ones as 1
     * @return {@code 0xRRGGBB}
     * @throws IllegalArgumentException if the value is NaN, which has no colour
     */
    public static int rgb(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("NaN has no colour: give a number in [-1, 1]");
        }
        double place = (Math.min(Math.max(value, -1), 1) + 1) / 2 * (COLOURS.length - 1);
        int before = (int) Math.min(place, COLOURS.length - 2);
        double share = place - before;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double level =
                    (COLOURS[before] >> shift & 0xFF) * (1 - share) + (COLOURS[before + 1] >> shift & 0xFF) * share;
            rgb |= (int) Math.rint(level) << shift;
        }
        return rgb;
    }
}
