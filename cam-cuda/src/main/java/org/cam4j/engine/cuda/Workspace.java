package org.cam4j.engine.cuda;

/** Memory that calls of one stream use one after the other; calls state their need before they are first put on the stream. */
final class Workspace {

    private final DeviceMemory memory;
    private long needed;
    private long allocated = -1;
    private long address;

    Workspace(DeviceMemory memory) {
        this.memory = memory;
    }

    void require(long bytes) {
        needed = Math.max(needed, bytes);
    }

    /** Allocates what is needed by now, in place of less. */
    void allocate() {
        if (allocated >= needed) {
            return;
        }
        if (allocated >= 0) {
            allocated = -1;
            memory.free(address);
        }
        address = memory.allocate(needed);
        allocated = needed;
    }

    long address() {
        return address;
    }
}
