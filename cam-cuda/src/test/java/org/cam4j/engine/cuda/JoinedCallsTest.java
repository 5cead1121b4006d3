package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that queue while two batches run. */
class JoinedCallsTest {

    private static final int LARGEST = 4;

    private static final class Numbered extends JoinedCalls.Waiting {
        final int number;
        final String kind;

        Numbered(int number, String kind) {
            this.number = number;
            this.kind = kind;
        }

        @Override
        boolean isLike(JoinedCalls.Waiting other) {
            return kind.equals(((Numbered) other).kind);
        }
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch running = new CountDownLatch(2);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();

    private final JoinedCalls<Numbered> calls = new JoinedCalls<>(LARGEST, together -> {
        batches.add(together.stream().map(call -> call.number).toList());
        running.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (together.get(0).kind.equals("bad")) {
            throw new IllegalStateException("bad numbers");
        }
    });

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Future<?> call(int number, String kind) throws Exception {
        Future<?> started = threads.submit(() -> calls.run(new Numbered(number, kind)));
        int expected = number + 1;
        // Waits until the call is queued or runs, so that the order is known.
        while (calls.waiting() + batches.stream().mapToInt(List::size).sum() < expected) {
            Thread.onSpinWait();
        }
        return started;
    }

    @Test
    void waitingCallsAreRunTogetherTheOldestFirst() throws Exception {
        List<Future<?>> started = new ArrayList<>();
        started.add(call(0, "a"));
        started.add(call(1, "a"));
        running.await();
        for (int i = 2; i < 9; i++) {
            started.add(call(i, i == 4 ? "b" : "a"));
        }
        goOn.countDown();
        for (Future<?> each : started) {
            each.get();
        }
        assertThat(batches.subList(0, 2)).containsExactlyInAnyOrder(List.of(0), List.of(1));
        assertThat(batches.subList(2, batches.size()))
                .containsExactlyInAnyOrder(List.of(2, 3, 5, 6), List.of(4), List.of(7, 8));
    }

    @Test
    void aFailureIsThatOfTheCallsInItsBatchAlone() throws Exception {
        Future<?> good = call(0, "a");
        Future<?> bad = call(1, "bad");
        running.await();
        List<Future<?>> later = List.of(call(2, "bad"), call(3, "bad"), call(4, "a"));
        goOn.countDown();

        good.get();
        later.get(2).get();
        for (Future<?> each : List.of(bad, later.get(0), later.get(1))) {
            assertThatThrownBy(each::get).hasRootCauseMessage("bad numbers");
        }
    }
}
