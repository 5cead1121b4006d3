package org.cam4j.engine.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;

/**
 * The stand-in for NVIDIA's libraries on the CPU, built by {@code src/test/native/build.sh} into the folder that this module's tests have
 * in {@code LD_LIBRARY_PATH}, unless that names the folders of NVIDIA's own.
 */
final class StandIn {

    private static final boolean IS_THERE = build() && isLoaded();

    private StandIn() {}

    /** Skips the test with a message if the stand-in cannot be built; if the environment variable {@code CI} is set, fails. */
    static void require() {
        if (System.getenv("CI") != null && !IS_THERE) {
            throw new AssertionError("the stand-in for CUDA cannot be built: g++ is missing");
        }
        assumeTrue(IS_THERE, "no stand-in for CUDA: install g++ and bash");
    }

    private static boolean build() {
        String folder = System.getenv("LD_LIBRARY_PATH");
        if (folder == null) {
            return false;
        }
        if (!folder.endsWith("standin")) {
            // NVIDIA's own libraries.
            return true;
        }
        Path script = Path.of("src", "test", "native", "build.sh");
        try {
            Process process = new ProcessBuilder("bash", script.toString(), folder)
                    .inheritIO()
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isLoaded() {
        try {
            Loader.load(cudart.class);
            return true;
        } catch (LinkageError e) {
            System.err.println("the stand-in for CUDA is not loaded: " + e);
            return false;
        }
    }
}
