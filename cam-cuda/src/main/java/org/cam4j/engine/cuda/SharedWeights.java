package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Weights on a GPU that engines share, such as those of a network and of the parts that methods cut it into: each is uploaded once, and
 * freed when its last user is closed. Thread-safe.
 */
final class SharedWeights {

    /** Arrays are compared by identity: neither arrays nor {@link org.cam4j.plan.operation.WeightArray} define equality. */
    record Key(Object array, Enum<?> form) {}

    private static final class Entry {
        final DeviceMemory memory;
        final long address;
        int users = 1;

        Entry(DeviceMemory memory, long address) {
            this.memory = memory;
            this.address = address;
        }
    }

    private final Map<Key, Entry> entries = new HashMap<>();

    /**
     * Returns an array's address, after an upload if no other engine has it there.
     *
     * @param upload allocates in the given memory and returns the address of the result
     */
    synchronized long retain(Key key, MemoryLimit limit, ToLongFunction<DeviceMemory> upload) {
        Entry known = entries.get(key);
        if (known != null) {
            known.users++;
            return known.address;
        }
        DeviceMemory memory = new DeviceMemory(limit);
        try {
            Entry made = new Entry(memory, upload.applyAsLong(memory));
            entries.put(key, made);
            return made.address;
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    synchronized long bytes(Key key) {
        return entries.get(key).memory.bytes();
    }

    /** Frees an array if no other engine uses it. */
    synchronized void release(Key key) {
        Entry entry = entries.get(key);
        entry.users--;
        if (entry.users == 0) {
            entries.remove(key);
            entry.memory.close();
        }
    }
}
