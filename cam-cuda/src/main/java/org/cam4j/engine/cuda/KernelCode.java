package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.nvrtc.nvrtcCompileProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcCreateProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcDestroyProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetCUBIN;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetCUBINSize;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetProgramLog;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetProgramLogSize;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.cam4j.engine.EngineUnavailableException;

/**
 * The code of the engine's own kernels: machine code from the jar, if it has some for the GPU, otherwise PTX from the jar, which the
 * driver compiles; from a jar without either, what NVRTC compiles.
 */
final class KernelCode {

    /** What NVRTC has compiled in this process. */
    private static final Map<String, BytePointer> COMPILED = new HashMap<>();

    private KernelCode() {}

    /**
     * Finds or makes the code, and loads it.
     *
     * @param gpu its number
     * @param capability the GPU's, such as 90
     * @throws EngineUnavailableException if the jar has no code for the GPU and NVRTC is missing
     */
    static Kernels loaded(int gpu, Precision precision, int capability) throws EngineUnavailableException {
        Optional<Kernels> stored = loaded(
                gpu,
                resources(precision, capability).stream()
                        .map(KernelCode::resource)
                        .filter(Objects::nonNull));
        if (stored.isPresent()) {
            return stored.get();
        }
        return Kernels.of(gpu, compiledOnce(precision, capability))
                .orElseThrow(() -> new EngineUnavailableException(
                        "the NVIDIA driver does not load what NVRTC compiles for compute capability "
                                + capability / 10.0));
    }

    /** The first code that the GPU and its driver take. */
    static Optional<Kernels> loaded(int gpu, Stream<byte[]> codes) {
        return codes.map(BytePointer::new)
                .map(code -> Kernels.of(gpu, code))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static BytePointer compiledOnce(Precision precision, int capability) throws EngineUnavailableException {
        Libraries.load(
                nvrtc.class,
                Libraries.named("NVRTC", "libnvrtc.so.13", "nvrtc64_130_0.dll")
                        + ", which compiles kernels for this GPU,");
        synchronized (COMPILED) {
            String architecture = "sm_" + capability;
            String key = precision.type() + architecture;
            BytePointer known = COMPILED.get(key);
            if (known == null) {
                known = compiled(precision, architecture);
                COMPILED.put(key, known);
            }
            return known;
        }
    }

    /**
     * Names of the resources that have code for a GPU, the best first. Code for 8.0 runs on 8.6 and 8.9 too, that is on the same generation
     * with a higher second number; PTX, made for the oldest, is compiled for all others.
     */
    static List<String> resources(Precision precision, int capability) {
        List<String> names = new ArrayList<>();
        for (int minor = capability; minor >= capability / 10 * 10; minor--) {
            names.add("kernels-" + precision.type() + "-" + minor + ".cubin");
        }
        names.add("kernels-" + precision.type() + ".ptx");
        return names;
    }

    private static byte[] resource(String name) {
        try (InputStream in = KernelCode.class.getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles the kernels for one architecture, such as {@code sm_90}. */
    static BytePointer compiled(Precision precision, String architecture) {
        _nvrtcProgram program = new _nvrtcProgram();
        try (BytePointer source = new BytePointer(source());
                BytePointer name = new BytePointer("kernels.cu");
                PointerPointer<BytePointer> nothing = new PointerPointer<>();
                PointerPointer<BytePointer> options = new PointerPointer<>(
                        "--gpu-architecture=" + architecture, "-DTYPE=" + precision.type(), "--std=c++17")) {
            Status.nvrtc(nvrtcCreateProgram(program, source, name, 0, nothing, nothing), "reading the kernels");
            if (nvrtcCompileProgram(program, 3, options) != 0) {
                throw new GpuFailure("compiling the kernels for " + architecture + " failed: " + log(program), false);
            }
            SizeTPointer size = new SizeTPointer(1);
            Status.nvrtc(nvrtcGetCUBINSize(program, size), "compiling the kernels");
            BytePointer code = new BytePointer(size.get());
            Status.nvrtc(nvrtcGetCUBIN(program, code), "compiling the kernels");
            return code;
        } finally {
            nvrtcDestroyProgram(program);
        }
    }

    private static String log(_nvrtcProgram program) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            nvrtcGetProgramLogSize(program, size);
            try (BytePointer text = new BytePointer(Math.max(1, size.get()))) {
                nvrtcGetProgramLog(program, text);
                return text.getString();
            }
        }
    }

    private static String source() {
        byte[] source = resource("kernels.cu");
        if (source == null) {
            throw new IllegalStateException("kernels.cu is missing in the jar of cam-cuda");
        }
        return new String(source, StandardCharsets.UTF_8);
    }
}
