package org.cam4j.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class Nd4jBatchTest {

    private static INDArray counted(long... shape) {
        INDArray counted = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < counted.length(); i++) {
            counted.putScalar(i, (float) i);
        }
        return counted;
    }

    /** Images [2, 4, 5, 3], as they lie in memory in many ways. */
    static Stream<Arguments> layouts() {
        return Stream.of(
                Arguments.of("rows", counted(2, 4, 5, 3)),
                Arguments.of("columns first", counted(2, 4, 5, 3).dup('f')),
                Arguments.of("channels first, permuted", counted(2, 3, 4, 5).permute(0, 2, 3, 1)),
                Arguments.of(
                        "columns before rows, permuted", counted(2, 5, 4, 3).permute(0, 2, 1, 3)),
                Arguments.of("images last, permuted", counted(4, 5, 3, 2).permute(3, 0, 1, 2)),
                Arguments.of(
                        "a part of a larger array",
                        counted(3, 6, 7, 4)
                                .get(
                                        NDArrayIndex.interval(1, 3),
                                        NDArrayIndex.interval(1, 5),
                                        NDArrayIndex.interval(2, 7),
                                        NDArrayIndex.interval(0, 3))),
                Arguments.of(
                        "of double precision, permuted",
                        counted(2, 3, 4, 5).castTo(DataType.DOUBLE).permute(0, 2, 3, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layouts")
    void numbersComeRowByRowHoweverTheyLieInMemory(String name, INDArray images) {
        float[] expected = new float[2 * 4 * 5 * 3];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = images.getFloat(i / 60, i / 15 % 4, i / 3 % 5, i % 3);
        }

        FloatBuffer host = new Nd4jBatch(images).host();
        float[] numbers = new float[expected.length];
        host.duplicate().get(numbers);
        assertThat(numbers).isEqualTo(expected);
        try (Nd4jBatch.Lent lent = Nd4jBatch.lent(new Nd4jBatch(images))) {
            assertThat(lent.array().data().asFloat()).isEqualTo(expected);
        }
    }
}
