package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkAheadTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void resultsAndFailuresComeInOrder(int threads) {
        List<String> taken = new ArrayList<>();
        try (WorkAhead ahead = new WorkAhead(threads)) {
            for (int i = 0; i < 10; i++) {
                int step = i;
                ahead.start(
                        () -> {
                            if (step == 4) {
                                throw new StackOverflowError("step " + step);
                            }
                            return "done " + step;
                        },
                        result -> {
                            try {
                                taken.add(result.get());
                            } catch (StackOverflowError e) {
                                taken.add("failed at " + e.getMessage());
                            }
                        });
                ahead.inOrder(() -> taken.add("after " + step));
            }
            ahead.finish();
        }

        assertThat(taken).hasSize(20).startsWith("done 0", "after 0", "done 1").contains("failed at step 4");
        assertThat(taken.indexOf("failed at step 4")).isEqualTo(8);
        assertThat(taken).endsWith("done 9", "after 9");
    }

    @Test
    void stepsRunAtOnce() {
        CountDownLatch both = new CountDownLatch(2);
        List<Boolean> met = new ArrayList<>();
        try (WorkAhead ahead = new WorkAhead(2)) {
            for (int i = 0; i < 2; i++) {
                ahead.start(
                        () -> {
                            both.countDown();
                            return awaited(both);
                        },
                        result -> met.add(result.get()));
            }
            ahead.finish();
        }

        assertThat(met).containsExactly(true, true);
    }

    @Test
    void anInterruptedCallerStopsTheWorkAndStaysInterrupted() {
        AtomicBoolean hasEnded = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        try (WorkAhead ahead = new WorkAhead(1)) {
            ahead.start(
                    () -> {
                        begun.countDown();
                        boolean wasReleased = awaited(new CountDownLatch(1));
                        hasEnded.set(true);
                        return wasReleased;
                    },
                    result -> assertThatThrownBy(result::get).isInstanceOf(CancellationException.class));
            assertThat(awaited(begun)).isTrue();
            Thread.currentThread().interrupt();
            ahead.finish();
        }

        assertThat(hasEnded).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Whether the latch opens before the thread is interrupted. */
    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
