package org.cam4j.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Engines that work for the same callers, such as the engines of one mapper: its network, the way back, the parts of a network that methods
 * run. They can share threads, so that they do not compete for cores.
 *
 * <p>Thread-safe.
 */
public final class EngineGroup {

    private final Map<Object, Object> shared = new HashMap<>();

    /** Creates a group without engines. */
    public EngineGroup() {}

    /**
     * Returns what the group's engines share under a key; made when it is first asked for.
     *
     * @param key of a class of its own, whose instances are of that type
     * @param make makes it
     * @param <T> its type
     * @return the same object for equal keys
     */
    @SuppressWarnings("unchecked") // The key's class tells the type.
    public synchronized <T> T shared(Object key, Supplier<T> make) {
        return (T) shared.computeIfAbsent(key, unused -> make.get());
    }
}
