package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on ONNX files. */
class OnnxCommandsTest {

    private static final Path CLASSIFIERS = Path.of("..", "cam-onnx", "src", "test", "resources", "classifiers");
    private static final Path MODEL = CLASSIFIERS.resolve("yolo_cls_ts17.onnx");
    private static final Path PANDA = Demo.PHOTOS.resolve("giant_panda.jpg");

    @TempDir
    private Path folder;

    @Test
    void inspectNamesTheFilesTensors() {
        CommandLineRun run = CommandLineRun.of("inspect", MODEL);
        assertThat(run.errors()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.output())
                .contains("yolo_cls_ts17.onnx", "64 x 64 x 3", "/conv/act/Mul_output_0", "softmax")
                .contains("This model can be explained.");
    }

    @Test
    void inspectNamesEveryOperatorThatIsMissing() {
        CommandLineRun run = CommandLineRun.of(
                "inspect", Path.of("..", "cam-onnx", "src", "test", "resources", "refused", "contrib_op.onnx"));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains("com.microsoft.FusedConv");
    }

    @Test
    void aPreparedOnnxModelWritesTheSameMaps() {
        Path prepared = folder.resolve("yolo.cam4j");
        assertThat(CommandLineRun.of("prepare", MODEL, "--preprocessing", "unit", "-o", prepared)
                        .status())
                .isZero();
        for (Object[] source : new Object[][] {{MODEL, "onnx"}, {prepared, "prepared"}}) {
            CommandLineRun run = CommandLineRun.of(
                    "explain",
                    "--model",
                    source[0],
                    "--preprocessing",
                    "unit",
                    "--class",
                    "2",
                    "--out",
                    folder.resolve((String) source[1]),
                    PANDA);
            assertThat(run.status()).isZero();
            assertThat(run.errors()).startsWith("1 of 1 photo explained");
        }
        Path map = folder.resolve("onnx").resolve("giant_panda-2.npy");
        assertThat(Files.exists(map)).isTrue();
        assertThat(folder.resolve("prepared").resolve("giant_panda-2.npy")).hasSameBinaryContentAs(map);
    }

    @Test
    void anyModelIsWrittenAsOnnxWithItsMap() {
        Path exported = folder.resolve("yolo-cam.onnx");
        for (int run = 0; run < 2; run++) {
            // The second run replaces the file of the first.
            CommandLineRun prepared = CommandLineRun.of("prepare", MODEL, "--preprocessing", "unit", "--to", exported);
            assertThat(prepared.errors()).isEmpty();
            assertThat(prepared.status()).isZero();
            assertThat(prepared.output()).contains("ONNX opset 17");
        }
        // Probabilities are a function of the logits beside them: nothing is to be chosen.
        CommandLineRun explained = CommandLineRun.of(
                "explain", "--model", exported, "--preprocessing", "unit", "--out", folder.resolve("out"), PANDA);
        assertThat(explained.status()).as(explained.errors()).isZero();
        CommandLineRun inspected = CommandLineRun.of("inspect", "--output", "logits", exported);
        assertThat(inspected.output()).contains("/conv/conv/Conv_output_0, 8 x 8 x 24", "This model can be explained.");
    }

    @Test
    void optionsOfTheOtherFormatAreRefused() {
        Path exported = folder.resolve("yolo-cam.onnx");
        CommandLineRun lean = CommandLineRun.of("prepare", MODEL, "--lean", "--to", exported);
        assertThat(lean.status()).isEqualTo(2);
        assertThat(lean.errors()).contains("--lean is of prepared models");
        CommandLineRun last =
                CommandLineRun.of("prepare", MODEL, "--channels-last", "--to", folder.resolve("yolo.cam4j"));
        assertThat(last.status()).isEqualTo(2);
        assertThat(last.errors()).contains("--channels-last is of ONNX files");
    }

    @Test
    void settingsOfTheKerasReaderAreRefusedForOnnxFiles() {
        CommandLineRun run = CommandLineRun.of("inspect", "--layer-like", "Wobble=Dropout", MODEL);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains("ONNX");
    }
}
