package org.cam4j.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.ClassActivationMapper;

/**
 * The mappers of this JVM: one for each model and number of threads, shared by all tasks.
 *
 * <p>Two mappers that no task uses are kept for the next tasks; more are closed, the longest unused first.
 */
final class ExecutorMappers {

    private static final int KEPT = 2;

    private static final ExecutorMappers HERE = new ExecutorMappers();

    /** In the order of their last use. */
    private final Map<Key, Shared> open = new LinkedHashMap<>();

    private record Key(String sha256, int threads) {}

    /** A mapper and how many tasks use it. Opened under its own lock, so that tasks with another model do not wait. */
    private static final class Shared {
        private int users;
        private ClassActivationMapper mapper;

        synchronized ClassActivationMapper opened(ShippedModel model, int threads, Runnable onOpening) {
            if (mapper == null) {
                mapper = ClassActivationMapper.from(model.file())
                        .threads(threads)
                        .build();
                onOpening.run();
            }
            return mapper;
        }

        synchronized void close() {
            if (mapper != null) {
                mapper.close();
            }
        }
    }

    /** A task's use of a mapper, until it is closed. */
    static final class Lease implements AutoCloseable {
        private final Key key;
        private final ClassActivationMapper mapper;
        private boolean ended;

        private Lease(Key key, ClassActivationMapper mapper) {
            this.key = key;
            this.mapper = mapper;
        }

        ClassActivationMapper mapper() {
            return mapper;
        }

        /** Ends the use. Closing twice does nothing. */
        @Override
        public synchronized void close() {
            if (!ended) {
                ended = true;
                HERE.release(key);
            }
        }
    }

    private ExecutorMappers() {}

    /**
     * Opens the model, or joins the tasks that use it.
     *
     * @param threads cores for all tasks together
     * @param onOpening runs if the model was not open
     */
    static Lease lease(ShippedModel model, int threads, Runnable onOpening) {
        Key key = new Key(model.sha256(), threads);
        Shared shared = HERE.join(key);
        try {
            return new Lease(key, shared.opened(model, threads, onOpening));
        } catch (RuntimeException | Error e) {
            HERE.release(key);
            throw e;
        }
    }

    private synchronized Shared join(Key key) {
        Shared shared = open.remove(key);
        if (shared == null) {
            shared = new Shared();
        }
        shared.users++;
        open.put(key, shared);
        return shared;
    }

    private synchronized void release(Key key) {
        open.get(key).users--;
        List<Key> unused = new ArrayList<>();
        open.forEach((other, shared) -> {
            if (shared.users == 0) {
                unused.add(other);
            }
        });
        for (Key old : unused.subList(0, Math.max(0, unused.size() - KEPT))) {
            open.remove(old).close();
        }
    }
}
