package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.javacpp.Loader;

/** Describes what decides oneDNN's weight layouts: its version, its instruction set, the platform. */
final class Processor {

    private Processor() {}

    /**
     * For example {@code oneDNN 2.5.2 (3d5b2d0), instruction set 0x17, linux-x86_64}. Loads oneDNN if it is not loaded yet: one thread at a
     * time, because JavaCPP's classes wait for each other when several begin.
     */
    static synchronized String description() {
        dnnl_version_t version = dnnl_version();
        return "oneDNN " + version.major() + "." + version.minor() + "." + version.patch() + " ("
                + version.hash().getString() + "), instruction set 0x"
                + Integer.toHexString(dnnl_get_effective_cpu_isa()) + ", " + Loader.getPlatform();
    }
}
