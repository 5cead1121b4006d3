package org.cam4j.engine.cuda;

/** Memory that calls of one stream use one after the other; allocated once all of them have stated their need. */
final class Workspace {

    private long needed;
    private long address;

    void require(long bytes) {
        needed = Math.max(needed, bytes);
    }

    long needed() {
        return needed;
    }

    void lieAt(long place) {
        address = place;
    }

    long address() {
        return address;
    }
}
