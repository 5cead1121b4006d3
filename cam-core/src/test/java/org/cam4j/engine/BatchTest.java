package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.FloatBuffer;
import java.util.List;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final Shape SHAPE = new Shape(1, 1, 2);

    private static Batch one(float first, float second) {
        return Batch.of(new float[] {first, second}, SHAPE);
    }

    private static float[] numbers(FloatBuffer buffer) {
        float[] numbers = new float[buffer.remaining()];
        buffer.duplicate().get(numbers);
        return numbers;
    }

    @Test
    void joinedImagesAreTheSameAsOneArray() {
        for (Batch batch :
                List.of(Batch.joined(List.of(one(1, 2), one(3, 4))), Batch.of(new float[] {1, 2, 3, 4}, SHAPE))) {
            assertThat(batch.count()).isEqualTo(2);
            assertThat(batch.shape()).isEqualTo(SHAPE);
            assertThat(batch.numbers()).containsExactly(1, 2, 3, 4);
            assertThat(batch.hosts()).hasSize(2);
            assertThat(numbers(batch.hosts().get(0))).containsExactly(1, 2);
            assertThat(numbers(batch.hosts().get(1))).containsExactly(3, 4);
        }
    }

    @Test
    void onlySingleImagesOfOneSizeAreJoined() {
        Batch two = Batch.of(new float[4], SHAPE);
        Batch larger = Batch.of(new float[4], new Shape(1, 2, 2));

        assertThatIllegalArgumentException().isThrownBy(() -> Batch.joined(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.joined(List.of(one(1, 2), two)))
                .withMessageContaining("2 images");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.joined(List.of(one(1, 2), larger)))
                .withMessageContaining("1x2x2");
    }
}
