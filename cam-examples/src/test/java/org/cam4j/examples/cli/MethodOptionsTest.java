package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.cam4j.InputTensor;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods and layers on the command line. */
class MethodOptionsTest {

    private static final Path PANDA = Demo.PHOTOS.resolve("giant_panda.jpg");

    @TempDir
    private Path folder;

    private CommandLineRun explain(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("explain", "--model", Demo.MODEL, "--out", folder));
        arguments.addAll(List.of(more));
        arguments.add(PANDA);
        return CommandLineRun.of(arguments.toArray());
    }

    private JsonNode maps() throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("giant_panda.json").toFile())
                .get("maps");
    }

    @Test
    void severalMethodsEachWriteAMap() throws IOException {
        CommandLineRun run = explain("--method", "cam,grad-cam,grad-cam++:torch-cam,eigen-cam");

        assertThat(run.status()).as(run.errors()).isZero();
        List<String> files = List.of(
                "giant_panda-388-cam.npy",
                "giant_panda-388-grad-cam.npy",
                "giant_panda-388-grad-cam++-torch-cam.npy",
                "giant_panda-388-eigen-cam.npy");
        for (int i = 0; i < files.size(); i++) {
            assertThat(folder.resolve(files.get(i))).exists();
            assertThat(maps().get(i).get("values").textValue()).isEqualTo(files.get(i));
        }
        assertThat(maps().get(2).get("method").textValue()).isEqualTo("grad-cam++:torch-cam");
        assertThat(maps().get(0).has("bias")).isTrue();
        assertThat(maps().get(1).has("bias")).isFalse();
        // The same file is a result, which the next run replaces.
        assertThat(explain("--method", "cam,grad-cam").status()).isZero();
    }

    @Test
    void aMethodThatIsGivenTwiceMakesOneMap() throws IOException {
        CommandLineRun run = explain("--method", "cam,grad-cam,cam");

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(maps()).hasSize(2);
    }

    @Test
    void oneMethodOfAnInnerLayerIsThatOfTheFilesReportAndSheet() throws IOException {
        CommandLineRun run = explain(
                "--method", "layer-cam", "--layer", "stem_conv", "--report", folder.resolve("report.html"), "--sheet");

        assertThat(run.status()).as(run.errors()).isZero();
        JsonNode map = maps().get(0);
        assertThat(map.get("method").textValue()).isEqualTo("layer-cam");
        assertThat(map.get("layer").textValue()).isEqualTo("stem_conv");
        assertThat(map.get("height").intValue()).isEqualTo(112);
        assertThat(map.get("values").textValue()).isEqualTo("giant_panda-388.npy");
        assertThat(folder.resolve("contact-sheet.png")).exists();
    }

    @Test
    void aLayerThatTheModelDoesNotHaveIsRefusedBeforeAnyPhoto() {
        CommandLineRun run = explain("--layer", "conv9");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors())
                .contains("--layer 'conv9': the model has no such layer with cells; choose one of stem_");
    }

    @Test
    void tensorsOfTheTargetLayerAreSaved() throws IOException {
        CommandLineRun run = explain("--save-tensors", "--class", "388");

        assertThat(run.status()).as(run.errors()).isZero();
        InputTensor activations = InputTensor.read(folder.resolve("giant_panda-activations.npy"));
        InputTensor gradient = InputTensor.read(folder.resolve("giant_panda-388-gradient.npy"));
        assertThat(InputTensor.read(folder.resolve("giant_panda-input.npy")).height())
                .isEqualTo(224);
        assertThat(gradient.channels()).isEqualTo(activations.channels());
        double sum = 0;
        for (int i = 0; i < activations.values(0).length; i++) {
            sum += activations.values(0)[i] * gradient.values(0)[i];
        }
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("giant_panda.json").toFile());
        double logit = json.get("predictions").get(0).get("logit").doubleValue();
        double bias = json.get("maps").get(0).get("bias").doubleValue();
        assertThat(sum + bias).isCloseTo(logit, Offset.offset(1e-3));
        assertThat(json.get("tensors").get("gradients").get("388").textValue())
                .isEqualTo("giant_panda-388-gradient.npy");
        assertThat(explain("--save-tensors").status()).isZero();
    }

    @Test
    void anUnknownMethodIsToldTheKnownOnes() {
        CommandLineRun run = explain("--method", "gradcam");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors())
                .contains("--method gradcam: there is no method 'gradcam'; choose one of cam, grad-cam,");
    }
}
