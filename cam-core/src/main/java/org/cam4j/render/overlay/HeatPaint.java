package org.cam4j.render.overlay;

/**
 * Lays heat over pixels: {@code (1 - alpha) · pixel + alpha · colormap(heat)} in each channel, rounded, with {@code alpha = opacity ·
 * heat^0.8}.
 *
 * <p>Most pixels are blended by tables, in fixed point: alpha is interpolated between {@value #STEPS} values of the power, which is less
 * than 0.0003 levels off. Where that much could change the rounded level or the step of the colormap, and for the weakest heat, the formula
 * itself decides, so that every pixel is that of the formula. Not thread-safe.
 */
final class HeatPaint {

    /** Alpha rises a little faster than heat, so that weak evidence still shows. */
    private static final double RISE = 0.8;

    private static final int STEPS = 4096;
    private static final int COLOURS = 256;

    /** The heat below which interpolation is too coarse, in steps. */
    private static final float WEAKEST = STEPS / 256f;

    /** One level in fixed point: with 8 bits of a level, all products fit into an int. */
    private static final int ONE = 1 << 22;

    private static final int HALF = ONE / 2;

    /** Fixed-point levels this near to the middle between two are rounded by the formula: 0.001 levels. */
    private static final int DOUBT = ONE / 1000;

    /** Positions this near to a step of the colormap are looked up by the formula, in steps of the table: far more than a float's error. */
    private static final float NEAR = 0.01f;

    private final Heat heat;
    private final OverlayStyle style;
    private final int[] colours;
    private final float[] alphas;
    private final float perValue;

    HeatPaint(Heat heat, OverlayStyle style) {
        this.heat = heat;
        this.style = style;
        this.colours = style.colormap().table();
        this.alphas = new float[STEPS + 2];
        for (int i = 0; i < alphas.length; i++) {
            alphas[i] = (float) (style.opacity() * Math.pow((double) i / STEPS, RISE) * ONE);
        }
        this.perValue = STEPS / heat.max();
    }

    /**
     * Paints a row.
     *
     * @param values the map's values
     * @param pixels {@code 0xRRGGBB}, changed
     * @param start the index of the row's first pixel
     */
    void row(float[] values, int[] pixels, int start) {
        for (int x = 0; x < values.length; x++) {
            if (style.heatOnly()) {
                pixels[start + x] = style.colormap().rgb(heat.share(values[x]));
            } else if (values[x] > 0) {
                pixels[start + x] = blend(pixels[start + x], values[x]);
            }
        }
    }

    private int blend(int pixel, float value) {
        float position = value * perValue;
        // Also where the largest value is so small that positions overflow.
        if (!(position >= WEAKEST && position <= STEPS)) {
            return exactly(pixel, value);
        }
        int step = (int) position;
        float inColour = position - (step & -(STEPS / COLOURS));
        if (inColour < NEAR || inColour > (float) STEPS / COLOURS - NEAR) {
            return exactly(pixel, value);
        }
        int alpha = (int) (alphas[step] + (alphas[step + 1] - alphas[step]) * (position - step));
        int above = colours[step / (STEPS / COLOURS)];
        int rest = ONE - alpha;
        int red = (pixel >> 16 & 0xFF) * rest + (above >> 16 & 0xFF) * alpha + HALF;
        int green = (pixel >> 8 & 0xFF) * rest + (above >> 8 & 0xFF) * alpha + HALF;
        int blue = (pixel & 0xFF) * rest + (above & 0xFF) * alpha + HALF;
        if (isDoubtful(red) || isDoubtful(green) || isDoubtful(blue)) {
            return exactly(pixel, value);
        }
        return (red / ONE) << 16 | (green / ONE) << 8 | (blue / ONE);
    }

    /** Whether a level plus one half lies near a whole number. */
    private static boolean isDoubtful(int fixed) {
        return ((fixed + DOUBT) & (ONE - 1)) < 2 * DOUBT;
    }

    private int exactly(int pixel, float value) {
        double share = heat.share(value);
        double alpha = style.opacity() * Math.pow(share, RISE);
        int above = style.colormap().rgb(share);
        int blended = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double level = (pixel >> shift & 0xFF) * (1 - alpha) + (above >> shift & 0xFF) * alpha;
            blended |= (int) Math.rint(level) << shift;
        }
        return blended;
    }
}
