package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What goes wrong on an engine's threads. */
class WorkerPoolTest {

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cam4j-onednn-"))
                .collect(Collectors.toSet());
    }

    private static void assertEnd(Set<Thread> before) throws InterruptedException {
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(60_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Test
    void anErrorWhileCompilingReachesTheCallerAndEndsTheThread() throws Exception {
        for (Error error : new Error[] {
            new NoSuchMethodError("a"),
            new UnsatisfiedLinkError("b"),
            new OutOfMemoryError("c"),
            new StackOverflowError("d")
        }) {
            Set<Thread> before = threads();

            assertThatThrownBy(() -> new WorkerPool(
                                    new Team.Workers(2, 1),
                                    () -> {
                                        throw error;
                                    },
                                    network -> null)
                            .close())
                    .isSameAs(error);

            assertEnd(before);
        }
    }

    @Test
    void anErrorWhileMemoryIsBoundReachesTheCallerAndEndsTheThread() throws Exception {
        Error error = new OutOfMemoryError("native");
        Set<Thread> before = threads();

        assertThatThrownBy(() -> new WorkerPool(new Team.Workers(1, 1), () -> null, network -> {
                            throw error;
                        })
                        .close())
                .isSameAs(error);

        assertEnd(before);
    }
}
