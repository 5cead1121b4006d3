package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several methods side by side on the demo's photos. */
class MethodTableTest {

    @TempDir
    private Path folder;

    /** The first of the demo's boxes, below the headings. */
    private Path boxes() throws IOException {
        List<String> lines = Files.readAllLines(Demo.PHOTOS.resolve("photos.csv"));
        return Files.write(folder.resolve("boxes.csv"), lines.subList(0, 2));
    }

    private CommandLineRun evaluate(Path out, String... more) throws IOException {
        Object[] arguments = new Object[8 + more.length];
        List.of("evaluate", "--model", Demo.MODEL, "--boxes", boxes(), "--out", out, Demo.PHOTOS)
                .toArray(arguments);
        System.arraycopy(more, 0, arguments, 8, more.length);
        return CommandLineRun.of(arguments);
    }

    /** The demo's head is pooling and one dense layer: there CAM, Grad-CAM and HiResCAM show the same. */
    @Test
    void methodsThatShowTheSameHaveTheSameNumbers() throws IOException {
        Path out = folder.resolve("evaluation.json");

        CommandLineRun run = evaluate(out, "--method", "cam,grad-cam,hires-cam,layer-cam", "--faithfulness");

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.output())
                .contains("1 photos, boxes at 20 %", "GT-known", "MaxBoxAccV2", "insertion", "ADCC", "ms a map")
                .contains("centre", "whole photo");
        JsonNode methods = new ObjectMapper().readTree(out.toFile()).get("methods");
        assertThat(methods)
                .extracting(each -> each.get("method").textValue())
                .containsExactly("cam", "grad-cam", "hires-cam", "layer-cam");
        for (int i = 1; i < 3; i++) {
            assertThat(methods.get(i).get("localization"))
                    .isEqualTo(methods.get(0).get("localization"));
            assertThat(methods.get(i).get("adcc").doubleValue())
                    .isBetween(
                            methods.get(0).get("adcc").doubleValue() - 1e-3,
                            methods.get(0).get("adcc").doubleValue() + 1e-3);
        }
        assertThat(methods.get(3).get("localization"))
                .isNotEqualTo(methods.get(0).get("localization"));
    }

    @Test
    void theFileIsAnEarlierResult() throws IOException {
        Path out = folder.resolve("evaluation.json");

        assertThat(evaluate(out, "--method", "grad-cam").status()).isZero();
        assertThat(evaluate(out, "--method", "grad-cam").status()).isZero();

        JsonNode root = new ObjectMapper().readTree(out.toFile());
        assertThat(root.get("photos").get(0).get("methods").get(0).get("method").textValue())
                .isEqualTo("grad-cam");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() throws IOException {
        CommandLineRun run = evaluate(folder.resolve("e.json"), "--method", "grad-cam", "--hide-and-seek");

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("--hide-and-seek averages maps of 'cam'");
    }
}
