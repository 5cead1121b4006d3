package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;

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
            public Values run(Map<String, Batch> inputs, Set<String> wanted) {
                assertThat(ended).isFalse();
                Shape image = inputs.get(InferencePlan.IMAGE).shape();
                assertThat(image.height() + "x" + image.width()).isEqualTo(size);
                return new HostValues(1, Map.of(), Map.of());
            }

            @Override
            public void close() {
                ended = true;
                closed.add(size);
            }
        };
    }

    private static void run(Engine engines, int size) {
        engines.run(Batch.of(new float[size * size], new Shape(size, size, 1)), Set.of());
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
