package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against TensorFlow 2.21: {@code tf.image.resize} and {@code tf.compat.v1.image.resize_bilinear(align_corners=True)}. */
class BilinearTest {

    private static final float[] PLANE = {1, 4, 2, 3, -1, 5};

    @Test
    void halfPixelIsThatOfTensorFlow() {
        float[] expected = {
            1, 2.875f, 3.25f, 2, 1.2f, 2.6375f, 3.05f, 2.3f, 2, 1.6875f, 2.25f, 3.5f, 2.8f, 0.7375f, 1.45f, 4.7f, 3,
            0.5f, 1.25f, 5
        };
        assertThat(Bilinear.halfPixel(2, 3, 5, 4).resized(PLANE)).containsExactly(expected, Offset.offset(1e-6f));
    }

    @Test
    void alignedCornersAreThoseOfTensorFlow() {
        float[] expected = {1, 2.5f, 4, 3, 2, 2, 1.75f, 1.5f, 2.5f, 3.5f, 3, 1, -1, 2, 5};
        assertThat(Bilinear.alignedCorners(2, 3, 3, 5).resized(PLANE)).containsExactly(expected, Offset.offset(1e-6f));
    }

    @Test
    void onePixelFillsEverySize() {
        assertThat(Bilinear.alignedCorners(1, 1, 2, 2).resized(new float[] {3})).containsOnly(3);
        assertThat(Bilinear.halfPixel(1, 1, 2, 2).resized(new float[] {3})).containsOnly(3);
        assertThat(Bilinear.alignedCorners(2, 3, 1, 1).resized(PLANE)).containsExactly(1);
    }
}
