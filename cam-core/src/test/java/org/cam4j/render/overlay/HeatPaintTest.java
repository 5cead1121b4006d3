package org.cam4j.render.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.render.picture.Colormap;
import org.junit.jupiter.api.Test;

/** Pixels painted by tables are those of the formula, every one. */
class HeatPaintTest {

    private static final int PIXELS = 20_000;

    @Property(tries = 100)
    void everyPixelIsThatOfTheFormula(
            @ForAll Colormap colormap,
            @ForAll @DoubleRange(min = 0, max = 1) double opacity,
            @ForAll boolean isHeatOnly,
            @ForAll long seed) {
        Random random = new Random(seed);
        float max = (float) Math.exp(random.nextGaussian() * 5);
        float[] values = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            values[i] = (random.nextFloat() - 0.2f) * max;
        }
        values[0] = max;
        check(values, max, colormap, opacity, isHeatOnly, random);
    }

    /** The steps of the colormap and of the table, and one float to either side. */
    @Test
    void valuesAtStepsAreThoseOfTheFormula() {
        float[] values = new float[3 * 4097];
        for (int i = 0; i < 4097; i++) {
            float value = i / 4096f * 41.2f;
            values[3 * i] = value;
            values[3 * i + 1] = Math.nextUp(value);
            values[3 * i + 2] = Math.nextDown(value);
        }
        check(values, 41.2f, Colormap.TURBO, 0.6, false, new Random(1));
        check(values, 41.2f, Colormap.GREY, 1, false, new Random(2));
    }

    @Test
    void theSmallestAndTheLargestMapsArePaintedToo() {
        check(new float[] {Float.MIN_VALUE, 0}, Float.MIN_VALUE, Colormap.JET, 0.6, false, new Random(1));
        check(new float[] {1e38f, 3e38f}, 3e38f, Colormap.JET, 0.6, false, new Random(1));
        check(new float[] {0, -1}, 0, Colormap.JET, 0.6, false, new Random(1));
    }

    private static void check(
            float[] values, float max, Colormap colormap, double opacity, boolean isHeatOnly, Random random) {
        OverlayStyle style = OverlayStyle.PLAIN.withColormap(colormap).withOpacity(opacity);
        ActivationMap map = new ActivationMap(
                new Prediction(0, "panda", 1, 0.5), 1, 1, new float[] {max}, Geometry.squash(1, 1, 7, 7));
        HeatPaint paint = new HeatPaint(Heat.of(map), isHeatOnly ? style.withHeatOnly() : style);
        int[] pixels = random.ints(values.length, 0, 1 << 24).toArray();
        int[] painted = pixels.clone();

        paint.row(values, painted, 0);

        for (int i = 0; i < pixels.length; i++) {
            double heat = max > 0 ? Math.max(values[i], 0) / (double) max : 0;
            int expected = isHeatOnly
                    ? colormap.rgb(Math.min(heat, 1))
                    : heat > 0 ? formula(pixels[i], Math.min(heat, 1), colormap, opacity) : pixels[i];
            assertThat(painted[i]).as("value %s of %s", values[i], max).isEqualTo(expected);
        }
    }

    private static int formula(int pixel, double heat, Colormap colormap, double opacity) {
        double alpha = opacity * Math.pow(heat, 0.8);
        int rgb = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int below = pixel >> shift & 255;
            int above = colormap.rgb(heat) >> shift & 255;
            rgb |= (int) Math.rint(below * (1 - alpha) + above * alpha) << shift;
        }
        return rgb;
    }
}
