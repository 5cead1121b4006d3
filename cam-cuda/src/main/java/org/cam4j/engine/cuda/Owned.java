package org.cam4j.engine.cuda;

/** What must be freed, whatever its library then says: of a GPU that is lost nothing can be freed. */
interface Owned extends AutoCloseable {

    @Override
    void close();
}
