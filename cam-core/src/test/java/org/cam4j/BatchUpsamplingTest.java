package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BatchUpsamplingTest {

    /** Bilinear interpolation with half-pixel centres, from its definition. */
    private static double interpolate(INDArray map, double y, double x) {
        int height = map.rows();
        int width = map.columns();
        double row = Math.min(Math.max(y, 0), height - 1);
        double column = Math.min(Math.max(x, 0), width - 1);
        double sum = 0;
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                sum += map.getDouble(i, j) * Math.max(0, 1 - Math.abs(row - i)) * Math.max(0, 1 - Math.abs(column - j));
            }
        }
        return sum;
    }

    @Property(tries = 60)
    void theBackendsOperationIsHalfPixelBilinear(
            @ForAll @IntRange(min = 1, max = 15) int h,
            @ForAll @IntRange(min = 1, max = 15) int w,
            @ForAll @IntRange(min = 1, max = 50) int height,
            @ForAll @IntRange(min = 1, max = 50) int width) {
        INDArray maps = Nd4j.rand(DataType.FLOAT, 2, 3, h, w).subi(0.5);

        INDArray upsampled = BatchUpsampling.bilinear(maps, height, width);

        assertThat(upsampled.shape()).containsExactly(2, 3, height, width);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double expected =
                        interpolate(maps.slice(1).slice(2), (y + 0.5) * h / height - 0.5, (x + 0.5) * w / width - 0.5);
                assertThat(upsampled.getDouble(1, 2, y, x)).isCloseTo(expected, within(1e-5));
            }
        }
    }

    @Property(tries = 60)
    void photosAndBatchesAreEnlargedAlike(
            @ForAll @IntRange(min = 1, max = 15) int h,
            @ForAll @IntRange(min = 1, max = 15) int w,
            @ForAll @IntRange(min = 1, max = 50) int photoHeight,
            @ForAll @IntRange(min = 1, max = 50) int photoWidth) {
        INDArray maps = Nd4j.rand(DataType.FLOAT, 1, 1, h, w);
        float[] photo = InterpolatedMap.of(
                        maps.dup('c').data().asFloat(),
                        h,
                        w,
                        Geometry.squash(photoWidth, photoHeight, 224, 192),
                        MapPlacement.whole(192, 224))
                .values();

        assertThat(BatchUpsampling.bilinear(maps, photoHeight, photoWidth)
                        .data()
                        .asFloat())
                .containsExactly(photo, within(1e-5f));
    }

    @Test
    void refusesWhatIsNoBatchOfMaps() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchUpsampling.bilinear(Nd4j.zeros(DataType.FLOAT, 7, 7), 14, 14))
                .withMessageContaining("[n, classes, h, w]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchUpsampling.bilinear(Nd4j.zeros(DataType.FLOAT, 1, 1, 7, 7), 0, 14))
                .withMessageContaining("0x14");
    }
}
