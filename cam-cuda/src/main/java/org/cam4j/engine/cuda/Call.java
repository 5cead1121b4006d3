package org.cam4j.engine.cuda;

import org.bytedeco.cuda.cudart.CUstream_st;

/** Work that is put on a stream, or into the graph that the stream is being captured into. */
@FunctionalInterface
interface Call {

    /** Puts the work on the stream that the device's libraries are bound to. */
    void on(CUstream_st stream);
}
