package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.cam4j.engine.EngineGroup;
import org.junit.jupiter.api.Test;

class TeamTest {

    private static Thread thread(Team.Workers workers) throws Exception {
        Callable<Thread> current = Thread::currentThread;
        Future<Thread> found = workers.threads().submit(current);
        return found.get();
    }

    @Test
    void enginesOfAGroupRunOnOneThread() throws Exception {
        EngineGroup group = new EngineGroup();
        Team first = Team.of(group, 2);
        Team second = Team.of(group, 2);
        first.join();
        second.join();

        assertThat(second).isSameAs(first);
        assertThat(thread(second.together())).isSameAs(thread(first.together()));
        assertThat(Team.of(group, 1)).isNotSameAs(first);
        assertThat(Team.of(new EngineGroup(), 2)).isNotSameAs(first);

        first.leave();
        second.leave();
    }

    @Test
    void theThreadsEndWithTheLastEngineAndStartAgain() throws Exception {
        Team team = Team.of(new EngineGroup(), 2);
        team.join();
        team.join();
        Set<Thread> threads = Set.of(thread(team.together()), thread(team.apart()));

        team.leave();
        assertThat(thread(team.together())).isIn(threads);
        team.leave();
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }

        team.join();
        assertThat(thread(team.together())).isNotIn(threads);
        team.leave();
    }

    @Test
    void whatIsDoneAsideDoesNotWaitForTheTeam() throws Exception {
        Team team = Team.of(new EngineGroup(), 1);
        team.join();
        Thread caller = Thread.currentThread();

        Thread found = team.together().aside(Thread::currentThread);

        assertThat(found).isNotIn(caller, thread(team.together()));
        found.join(60_000);
        assertThat(found.isAlive()).isFalse();
        team.leave();
    }
}
