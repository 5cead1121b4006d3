package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.javacpp.Loader;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Precision;

/** Describes what decides oneDNN's weight layouts: its version, its instruction set, the platform, the precision. */
final class Processor {

    private Processor() {}

    /** Loads oneDNN; no other of its classes is initialised than the one of its functions. */
    static synchronized void loadLibrary() {
        dnnl_get_effective_cpu_isa();
    }

    /** Whether oneDNN uses AVX2; processors before 2013, and virtual machines that pretend to be such, do not have it. */
    static boolean hasAvx2() {
        return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2;
    }

    /**
     * For example {@code oneDNN 2.5.2 (3d5b2d0), instruction set 0x17, linux-x86_64}. One thread at a time, because JavaCPP's classes wait for
     * each other when several begin.
     */
    static synchronized String description(Precision precision) {
        dnnl_version_t version = dnnl_version();
        return "oneDNN " + version.major() + "." + version.minor() + "." + version.patch() + " ("
                + version.hash().getString() + "), instruction set 0x"
                + Integer.toHexString(dnnl_get_effective_cpu_isa()) + ", " + Loader.getPlatform()
                + (precision == Precision.BFLOAT16 ? ", bfloat16" : "");
    }

    /**
     * Checks that the processor has instructions for a precision.
     *
     * @throws EngineUnavailableException if oneDNN would convert every number instead, which is slower than floats
     */
    static void require(Precision precision) throws EngineUnavailableException {
        int needed = dnnl_cpu_isa_avx512_core_bf16;
        if (precision == Precision.BFLOAT16 && (dnnl_get_effective_cpu_isa() & needed) != needed) {
            throw new EngineUnavailableException(
                    "this processor has no instructions for bfloat16 (avx512_bf16 or amx_bf16)");
        }
    }
}
