package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cam4j.exception.PhotoException;
import org.junit.jupiter.api.Test;

/** Spark's image structs, whose layout its documentation gives: rows of blue, green, red, alpha. */
class ImageStructTest {

    private static final StructType SCHEMA = DataTypes.createStructType(List.of(
            DataTypes.createStructField("origin", DataTypes.StringType, true),
            DataTypes.createStructField("height", DataTypes.IntegerType, true),
            DataTypes.createStructField("width", DataTypes.IntegerType, true),
            DataTypes.createStructField("nChannels", DataTypes.IntegerType, true),
            DataTypes.createStructField("mode", DataTypes.IntegerType, true),
            DataTypes.createStructField("data", DataTypes.BinaryType, true)));

    private static Row image(Integer height, Integer width, Integer channels, int... data) {
        byte[] bytes = new byte[data.length];
        IntStream.range(0, data.length).forEach(i -> bytes[i] = (byte) data[i]);
        return new GenericRowWithSchema(new Object[] {"photo.jpg", height, width, channels, 16, bytes}, SCHEMA);
    }

    private static int[] pixels(Row image) {
        BufferedImage photo = ImageStruct.photo(image, "photo.jpg", 1000);
        return photo.getRGB(0, 0, photo.getWidth(), photo.getHeight(), null, 0, photo.getWidth());
    }

    @Test
    void coloursAreBlueGreenRedAndAlphaIsDropped() {
        assertThat(pixels(image(1, 2, 3, 1, 2, 250, 4, 5, 6))).containsExactly(0xfffa0201, 0xff060504);
        assertThat(pixels(image(2, 1, 4, 1, 2, 3, 0, 4, 5, 6, 9))).containsExactly(0xff030201, 0xff060504);
    }

    @Test
    void greyIsRepeated() {
        assertThat(pixels(image(1, 2, 1, 7, 255))).containsExactly(0xff070707, 0xffffffff);
    }

    @Test
    void refusesStructsOfFilesThatSparkCouldNotRead() {
        assertThatThrownBy(() -> pixels(image(-1, -1, -1)))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("no picture");
        assertThatThrownBy(() -> pixels(image(null, null, null))).hasMessageContaining("no picture");
    }

    @Test
    void refusesNumbersThatContradictEachOther() {
        assertThatThrownBy(() -> pixels(image(2, 2, 3, 1, 2, 3))).hasMessageContaining("3 bytes for 2x2 pixels");
        assertThatThrownBy(() -> pixels(image(1, 2, 2, 1, 2, 3, 4))).hasMessageContaining("2 channels");
        assertThatThrownBy(() -> pixels(image(65536, 65536, 1))).hasMessageContaining("4294967296 pixels");
    }
}
