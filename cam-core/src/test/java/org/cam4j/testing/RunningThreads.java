package org.cam4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;

/** The threads of cam4j that run at a moment, to see that later ones end. */
public record RunningThreads(Set<Thread> running) {

    /** Looks now. */
    public static RunningThreads now() {
        return new RunningThreads(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cam4j-"))
                .collect(Collectors.toSet()));
    }

    /** Waits for the end of threads that were started since. */
    public void assertOthersEnd() throws InterruptedException {
        for (Thread thread : now().running()) {
            if (!running.contains(thread)) {
                thread.join(60_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }
}
