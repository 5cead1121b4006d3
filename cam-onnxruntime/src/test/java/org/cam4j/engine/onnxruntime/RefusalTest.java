package org.cam4j.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cam4j.testing.SaidElsewhere;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines on which ONNX Runtime cannot be loaded: each is a process of its own. */
class RefusalTest {

    private static String said(String... options) throws IOException {
        SaidElsewhere said = SaidElsewhere.by(StartedElsewhere.class, Map.of(), List.of(options));
        assertThat(said.lines()).as(said.output()).isNotEmpty();
        return said.lines().get(0);
    }

    @Test
    void anotherProcessorGetsTheNextEngineWithTheReason() throws IOException {
        assertThat(said("-Dos.arch=riscv64", "-Dos.name=Linux"))
                .startsWith("Java ")
                .contains("(onnxruntime: ONNX Runtime cannot be loaded on Linux riscv64 (")
                .contains("oneDNN: ")
                .endsWith(" runs 2.0");
    }

    @Test
    void weightsThatDoNotFitIntoDirectMemoryAreTheReason() throws IOException {
        assertThat(said("-Dos.arch=amd64", "-XX:MaxDirectMemorySize=1m", "-Dcam4j.engine=onnxruntime"))
                .startsWith("BackendException: ")
                .contains(
                        "onnxruntime: the network's weights do not fit into the memory that the JVM allows beside its heap")
                .contains("-XX:MaxDirectMemorySize");
    }

    @Test
    void aFolderInWhichNothingCanBeUnpackedIsTheReason(@TempDir Path folder) throws IOException {
        assertThat(said("-Dos.arch=aarch64", "-Djava.io.tmpdir=" + folder.resolve("missing")))
                .startsWith("Java ")
                .contains("(onnxruntime: ONNX Runtime cannot be loaded on Linux aarch64 (")
                .endsWith(" runs 2.0");
    }
}
