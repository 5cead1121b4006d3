package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cam4j.testing.SaidElsewhere;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines on which the engine cannot run, or only smaller batches: each is a process of its own with its own stand-in. */
class RefusalTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    /** What a process says after so many runs of so many images. */
    private static List<String> said(int images, int runs, Map<String, String> environment, String... options)
            throws IOException {
        SaidElsewhere said = SaidElsewhere.by(
                StartedElsewhere.class, environment, List.of(options), String.valueOf(images), String.valueOf(runs));
        assertThat(said.lines()).as(said.output()).isNotEmpty();
        return said.lines();
    }

    private static String said(int images, Map<String, String> environment) throws IOException {
        return said(images, 1, environment).get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CAM4J_STANDIN_STATUS     | 100 | there is no NVIDIA GPU",
                "CAM4J_STANDIN_STATUS     | 35  | the NVIDIA driver is for CUDA 12.4, too old for CUDA 13",
                "CAM4J_STANDIN_STATUS     | 999 | the NVIDIA driver says: an error",
                "CAM4J_STANDIN_CAPABILITY | 70  | the GPU has compute capability 7.0, older than the 7.5 that CUDA 13 needs",
                "LD_LIBRARY_PATH          | /   | (libcudart.so.13) and the driver cannot be loaded",
                "CAM4J_STANDIN_BYTES      | 9999999 | has too little free memory for the network"
            })
    void theReasonIsSaidInOneSentence(String variable, String value, String reason) throws IOException {
        assertThat(said(1, Map.of(variable, value)))
                .startsWith("EngineUnavailableException: ")
                .contains(reason);
    }

    @Test
    void aMissingDriverIsSaid() throws IOException {
        assertThat(said(1, Map.of("CAM4J_STANDIN_STATUS", "35", "CAM4J_STANDIN_DRIVER", "0")))
                .isEqualTo("EngineUnavailableException: there is no NVIDIA driver");
    }

    @ParameterizedTest
    @CsvSource({
        "libcuda.so.1, CUDA's runtime (libcudart.so.13) and the driver cannot be loaded",
        "libcublas.so.13, cuBLAS (libcublas.so.13) cannot be loaded",
        "libcudnn_graph.so.9, cuDNN (libcudnn.so.9) cannot be loaded",
        "libnvrtc.so.13, 'NVRTC (libnvrtc.so.13), which compiles kernels for this GPU, cannot be loaded'"
    })
    void aMissingLibraryIsNamed(String library, String reason, @TempDir Path folder) throws IOException {
        assumeFalse(
                library.contains("nvrtc") && KernelCode.class.getResource("kernels-0-90.cubin") != null,
                "NVRTC is not needed: this build has the kernels' machine code");
        Path all = Path.of(System.getenv("LD_LIBRARY_PATH"));
        Path standIn = Path.of("libcudastandin.so");
        Files.copy(all.resolve(standIn), folder.resolve(standIn));
        try (Stream<Path> names = Files.list(all)) {
            for (Path name :
                    names.filter(Files::isSymbolicLink).map(Path::getFileName).toList()) {
                if (!name.toString().equals(library)) {
                    Files.createSymbolicLink(folder.resolve(name), standIn);
                }
            }
        }

        // JavaCPP's usual cache may have links to libraries that it found earlier.
        String ownCache = "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache");
        assertThat(said(1, 1, Map.of("LD_LIBRARY_PATH", folder.toString()), ownCache))
                .singleElement()
                .asString()
                .startsWith("EngineUnavailableException: " + reason)
                .contains("(" + library + " is missing)");
    }

    /** An execution takes 32 MiB for cuBLAS alone: there is room for one, and for two. */
    @ParameterizedTest
    @ValueSource(ints = {60, 80})
    void withTooLittleMemoryForALargeBatchSmallerOnesAreRun(int mebibytes) throws IOException {
        String bytes = String.valueOf((long) mebibytes << 20);

        assertThat(said(40, Map.of("CAM4J_STANDIN_BYTES", bytes))).isEqualTo("right");
    }

    /** The engine's start launches nothing, so that the second run's launch fails. */
    @Test
    void aGpuThatIsLostIsSaidAndNoEngineStartsAgain() throws IOException {
        List<String> said = said(1, 3, Map.of("CAM4J_STANDIN_FAILURE", "1:719:1"));

        assertThat(said)
                .containsExactly(
                        "right",
                        "BackendException: the GPU could not run the network (launching a graph failed: CUDA says an error"
                                + " (719)), and it is lost to this process (restart it to use the GPU again).",
                        "BackendException: the GPU no longer runs this network (launching a graph failed: CUDA says an error"
                                + " (719)), and it is lost to this process (restart it to use the GPU again).",
                        "EngineUnavailableException: the GPU is lost to this process (launching a graph failed: CUDA says an"
                                + " error (719)): restart it to use the GPU again");
    }

    @Test
    void afterAFailureThatPassesAnotherEngineRuns() throws IOException {
        List<String> said = said(1, 2, Map.of("CAM4J_STANDIN_FAILURE", "0:700:0"));

        assertThat(said)
                .containsExactly(
                        "BackendException: the GPU could not run the network (launching a graph failed: CUDA says an error"
                                + " (700): build a new mapper).",
                        "BackendException: the GPU no longer runs this network (launching a graph failed: CUDA says an error"
                                + " (700): build a new mapper).",
                        "right",
                        "right");
    }

    /** Memory that a launch needs and does not get, as for a graph's first launch. */
    @Test
    void anEngineWithoutMemoryForALaunchRunsSmallerBatches() throws IOException {
        assertThat(said(8, 2, Map.of("CAM4J_STANDIN_FAILURE", "0:2:0")))
                .containsExactly("right", "right", "right", "right");
    }

    @Test
    void anEngineThatFindsTooLittleMemoryForOneImageGoesOnOnceThereIsSome() throws IOException {
        List<String> said = said(1, 2, Map.of("CAM4J_STANDIN_FAILURE", "0:2:0"));

        assertThat(said.get(0)).contains("too little free memory").contains("out of memory");
        assertThat(said.subList(1, 4)).containsOnly("right");
    }

    @Test
    void memoryIsBoundedByASetting() throws IOException {
        assertThat(said(40, 1, Map.of(), "-Dcam4j.cuda.memory=60m")).containsExactly("right");
        assertThat(said(1, 1, Map.of(), "-Dcam4j.cuda.memory=20m").get(0))
                .startsWith("EngineUnavailableException: ")
                .contains("too little free memory for the network")
                .contains("of the 20971520 bytes that cam4j.cuda.memory allows");
    }
}
