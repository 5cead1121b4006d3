package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines on which the engine cannot run, or only smaller batches: each is a process of its own with its own stand-in. */
class RefusalTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    private static String said(int images, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StartedElsewhere.class.getName(),
                String.valueOf(images));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines()
                .filter(line -> line.startsWith("SAID "))
                .findFirst()
                .orElse("nothing but: " + output)
                .substring("SAID ".length());
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

    /** An execution takes 32 MiB for cuBLAS alone: there is room for one, and for two. */
    @ParameterizedTest
    @ValueSource(ints = {60, 80})
    void withTooLittleMemoryForALargeBatchSmallerOnesAreRun(int mebibytes) throws IOException {
        String bytes = String.valueOf((long) mebibytes << 20);

        assertThat(said(40, Map.of("CAM4J_STANDIN_BYTES", bytes))).isEqualTo("right");
    }
}
