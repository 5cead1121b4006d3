package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class SizedEnginesTest {

    private final List<String> made = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    /** Gives one feature map of one cell and remembers its life. */
    private Engine engine(int height, int width) {
        String size = height + "x" + width;
        made.add(size);
        return new Engine() {
            private boolean ended;

            @Override
            public String name() {
                return "test";
            }

            @Override
            public Activations run(float[] images, int h, int w, int channels) {
                assertThat(ended).isFalse();
                assertThat(h + "x" + w).isEqualTo(size);
                return new HostActivations(
                        new float[] {1},
                        new Shape(1, 1, 1),
                        new float[] {1},
                        new LinearHead(new float[] {1}, new float[] {0}));
            }

            @Override
            public Activations run(INDArray images) {
                return run(new float[0], height, width, 1);
            }

            @Override
            public void close() {
                ended = true;
                closed.add(size);
            }
        };
    }

    private static void run(Engine engines, int size) {
        engines.run(new float[size * size], size, size, 1);
    }

    @Test
    void eachSizeIsMadeOnce() {
        try (Engine engines = new SizedEngines(this::engine, 8, 8)) {
            run(engines, 8);
            run(engines, 9);
            run(engines, 9);

            assertThat(engines.name()).isEqualTo("test");
            assertThat(made).containsExactly("8x8", "9x9");
            assertThat(closed).isEmpty();
        }
        assertThat(closed).containsExactlyInAnyOrder("8x8", "9x9");
    }

    @Test
    void theSizeUsedLongestAgoMakesRoom() {
        try (Engine engines = new SizedEngines(this::engine, 1, 1)) {
            for (int size = 2; size <= 4; size++) {
                run(engines, size);
            }
            run(engines, 1);
            run(engines, 5);

            assertThat(closed).containsExactly("2x2");
            run(engines, 2);
            assertThat(made).containsExactly("1x1", "2x2", "3x3", "4x4", "5x5", "2x2");
        }
    }

    @Test
    void runsAfterClosingAreRefused() {
        Engine engines = new SizedEngines(this::engine, 8, 8);
        engines.close();

        assertThatIllegalStateException().isThrownBy(() -> run(engines, 8)).withMessageContaining("closed");
    }
}
