package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cam4j.testing.RunningThreads;
import org.junit.jupiter.api.Test;

/** What goes wrong on an engine's threads. */
class WorkerPoolTest {

    @Test
    void anErrorWhileCompilingReachesTheCallerAndEndsTheThread() throws Exception {
        for (Error error : new Error[] {
            new NoSuchMethodError("a"),
            new UnsatisfiedLinkError("b"),
            new OutOfMemoryError("c"),
            new StackOverflowError("d")
        }) {
            RunningThreads before = RunningThreads.now();

            assertThatThrownBy(() -> new WorkerPool(
                                    new Team.Workers(2, 1),
                                    () -> {
                                        throw error;
                                    },
                                    network -> null)
                            .close())
                    .isSameAs(error);

            before.assertOthersEnd();
        }
    }

    @Test
    void anErrorWhileMemoryIsBoundReachesTheCallerAndEndsTheThread() throws Exception {
        Error error = new OutOfMemoryError("native");
        RunningThreads before = RunningThreads.now();

        assertThatThrownBy(() -> new WorkerPool(new Team.Workers(1, 1), () -> null, network -> {
                            throw error;
                        })
                        .close())
                .isSameAs(error);

        before.assertOthersEnd();
    }
}
