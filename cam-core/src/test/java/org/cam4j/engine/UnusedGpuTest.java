package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnusedGpuTest {

    @ParameterizedTest
    @ValueSource(strings = {"dev/nvidia0", "Windows/System32/nvcuda.dll"})
    void aGpuThatNoEngineRunsOnIsSaidWithTheModuleToAdd(String trace, @TempDir Path root) throws IOException {
        assertThat(UnusedGpu.hint(root, false)).isEmpty();
        Files.createDirectories(root.resolve(trace).getParent());
        Files.createFile(root.resolve(trace));

        assertThat(UnusedGpu.hint(root, false))
                .hasValue("this machine has an NVIDIA GPU, and no engine here runs on it: add the module"
                        + " org.cam4j:cam-cuda and CUDA 13's libraries, as docs/cuda.md says, or name another engine.");
        assertThat(UnusedGpu.hint(root, true)).isEmpty();
    }

    @Test
    void thisMachineIsAskedWithoutLoadingAnything() {
        boolean isThere = Files.exists(Path.of("/dev/nvidia0"));

        assertThat(UnusedGpu.hint().isPresent()).isEqualTo(isThere);
    }
}
