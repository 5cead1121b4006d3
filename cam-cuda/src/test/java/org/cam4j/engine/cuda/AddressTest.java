package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The engine's kernels under AddressSanitizer: a process of its own runs every operation, each value in an allocation of its own, and ends
 * at the first number that a kernel reads or writes beyond one.
 */
class AddressTest {

    private static final Path FOLDER = Path.of("target", "standin-address").toAbsolutePath();
    private static final String SANITIZER =
            output(List.of("g++", "-print-file-name=libasan.so"), Map.of()).text.strip();

    private record Ended(int status, String text) {}

    @BeforeAll
    static void build() {
        StandIn.require();
        Ended built = output(List.of("bash", "src/test/native/build.sh", FOLDER.toString(), "address"), Map.of());
        assumeTrue(built.status == 0, "AddressSanitizer is missing, which comes with g++: " + built.text);
        // Some kernels place libraries where AddressSanitizer of older compilers keeps its tables.
        Ended started = output(List.of(java(), "-version"), environment());
        assumeTrue(started.status == 0, "the JVM does not run with AddressSanitizer here: " + started.text);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                SANITIZER,
                "LD_LIBRARY_PATH",
                FOLDER.toString(),
                // The JVM has handlers of its own and never frees some memory; kernels' threads have stacks of their
                // own.
                "ASAN_OPTIONS",
                "handle_segv=0:handle_sigfpe=0:detect_leaks=0:detect_stack_use_after_return=0:allocator_may_return_null=1");
    }

    private static Ended output(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), text);
        } catch (IOException e) {
            return new Ended(127, e.toString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Ended run(Map<String, String> more, String... arguments) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(more);
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EveryOperation.class.getName()));
        command.addAll(List.of(arguments));
        return output(command, environment);
    }

    @Test
    void noKernelReadsOrWritesBeyondAnAllocation() {
        // Every second stream works at once, the others when someone waits for them.
        Ended ended = run(Map.of("CAM4J_STANDIN_ORDER", "mixed"), "4");

        assertThat(ended.status).as(ended.text).isZero();
        assertThat(ended.text).contains("RAN ");
    }

    @Test
    void aKernelThatGoesBeyondAnAllocationIsFound() {
        Ended ended = run(Map.of("CAM4J_STANDIN_SHORT", "4"), "0");

        assertThat(ended.status).isNotZero();
        assertThat(ended.text)
                .contains("AddressSanitizer: heap-buffer-overflow")
                .doesNotContain("RAN ");
    }
}
