package org.cam4j.render.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.junit.jupiter.api.Test;

class ContourLinesTest {

    private static Heat heat(int width, float... values) {
        // One cell a pixel.
        int height = values.length / width;
        return Heat.of(new ActivationMap(
                new Prediction(0, "panda", 1, 0.5), height, width, values, Geometry.squash(width, height, 7, 7)));
    }

    /** Each segment as [x0, y0, x1, y1]. */
    private static List<double[]> segments(Path2D path) {
        List<double[]> segments = new ArrayList<>();
        double[] at = new double[6];
        double x = 0;
        double y = 0;
        for (PathIterator i = path.getPathIterator(null); !i.isDone(); i.next()) {
            if (i.currentSegment(at) == PathIterator.SEG_LINETO) {
                segments.add(new double[] {x, y, at[0], at[1]});
            }
            x = at[0];
            y = at[1];
        }
        return segments;
    }

    @Test
    void aConeHasCirclesForContours() {
        int size = 81;
        float[] values = new float[size * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (40 - Math.hypot(i % size - 40, i / size - 40));
        }

        List<double[]> line = segments(ContourLines.of(heat(size, values), 0.25));

        assertThat(line).hasSizeGreaterThan(100);
        double length = 0;
        for (double[] s : line) {
            assertThat(Math.hypot(s[0] - 40.5, s[1] - 40.5)).isCloseTo(30, within(0.05));
            length += Math.hypot(s[2] - s[0], s[3] - s[1]);
        }
        assertThat(length).isCloseTo(2 * Math.PI * 30, within(0.5));
    }

    @Test
    void linesLieWhereInterpolationMeetsTheLevel() {
        // From 0 to 8 between the centres 0.5 and 1.5: 2 lies at a quarter.
        assertThat(segments(ContourLines.of(heat(2, 0, 8, 0, 8), 0.25)))
                .containsExactly(new double[] {0.75, 0.5, 0.75, 1.5});
        assertThat(segments(ContourLines.of(heat(2, 0, 0, 8, 8), 0.25)))
                .containsExactly(new double[] {0.5, 0.75, 1.5, 0.75});
    }

    @Test
    void theMeanDecidesWhereCornersAcrossAreHot() {
        // Top left and bottom right are hot; the mean is above the level, so they belong together.
        assertThat(segments(ContourLines.of(heat(2, 8, 0, 0, 8), 0.25)))
                .containsExactlyInAnyOrder(new double[] {0.5, 1.25, 0.75, 1.5}, new double[] {1.25, 0.5, 1.5, 0.75});
        // Here it is below: each stands by itself.
        assertThat(segments(ContourLines.of(heat(2, 8, 0, 0, 8), 0.75)))
                .containsExactlyInAnyOrder(new double[] {0.5, 0.75, 0.75, 0.5}, new double[] {1.25, 1.5, 1.5, 1.25});
        // The other two corners.
        assertThat(segments(ContourLines.of(heat(2, 0, 8, 8, 0), 0.25)))
                .containsExactlyInAnyOrder(new double[] {0.5, 0.75, 0.75, 0.5}, new double[] {1.25, 1.5, 1.5, 1.25});
    }

    @Test
    void everyCornerCanStandAlone() {
        assertThat(segments(ContourLines.of(heat(2, 0, 0, 8, 0), 0.5))).containsExactly(new double[] {0.5, 1, 1, 1.5});
        assertThat(segments(ContourLines.of(heat(2, 0, 0, 0, 8), 0.5))).containsExactly(new double[] {1, 1.5, 1.5, 1});
        assertThat(segments(ContourLines.of(heat(2, 0, 8, 0, 0), 0.5))).containsExactly(new double[] {1, 0.5, 1.5, 1});
        assertThat(segments(ContourLines.of(heat(2, 8, 0, 0, 0), 0.5))).containsExactly(new double[] {0.5, 1, 1, 0.5});
    }

    @Test
    void nothingHasNoContours() {
        assertThat(segments(ContourLines.of(heat(2, -1, -2, -3, 0), 0.5))).isEmpty();
        assertThat(segments(ContourLines.of(heat(1, 1, 2, 3), 0.5))).isEmpty();
    }
}
