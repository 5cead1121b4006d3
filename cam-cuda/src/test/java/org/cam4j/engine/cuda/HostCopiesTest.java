package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Copies in parts. */
class HostCopiesTest {

    @Test
    void partsCoverAllNumbersOnce() {
        int count = (1 << 22) + 5;
        byte[] visits = new byte[count];

        HostCopies.inParts(count, (start, size) -> {
            for (int i = start; i < start + size; i++) {
                visits[i]++;
            }
        });

        assertThat(visits).containsOnly((byte) 1);
    }

    /** Whoever sees the failure may free the memory that parts read and write. */
    @Test
    void noPartRunsAfterTheFailureOfAnotherIsSeen() {
        AtomicInteger ended = new AtomicInteger();

        assertThatThrownBy(() -> HostCopies.atOnce(64, i -> {
                    ended.incrementAndGet();
                    if (i == 40) {
                        throw new GpuFailure("a copy failed", false);
                    }
                }))
                .isInstanceOf(GpuFailure.class);

        assertThat(ended).hasValue(64);
    }
}
