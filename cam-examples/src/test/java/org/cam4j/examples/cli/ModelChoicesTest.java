package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model's file leaves to be said: one of several outputs, the input's size, layers of the user's own, other weights. */
class ModelChoicesTest {

    private static final Path MODELS = Path.of("../cam-core/src/test/resources/keras/models");
    private static final Path TWO_OUTPUTS = MODELS.resolve("mini_multiout/k3.keras");
    private static final Path OPEN_SIZE = MODELS.resolve("open_size/k3.keras");
    private static final Path CUSTOM_LAYERS = MODELS.resolve("layers_custom/k2.h5");

    @TempDir
    Path folder;

    private CommandLineRun explain(Path model, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "explain",
                "--model",
                model,
                "--preprocessing",
                "unit",
                "--no-overlay",
                "--out",
                folder.resolve("out")));
        arguments.addAll(List.of(more));
        arguments.add(Demo.PHOTOS.resolve("koala.jpg"));
        return CommandLineRun.of(arguments.toArray());
    }

    private int mapHeight() throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("out/koala.json").toFile())
                .at("/maps/0/height")
                .intValue();
    }

    @Test
    void oneOfSeveralOutputsIsChosenByPlaceOrName() throws IOException {
        CommandLineRun none = explain(TWO_OUTPUTS);
        assertThat(none.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(none.errors()).contains("aux", "--output");

        String name = CommandLineRun.of("inspect", TWO_OUTPUTS)
                .output()
                .lines()
                .filter(line -> line.startsWith("output 0 "))
                .findFirst()
                .orElseThrow()
                .replaceAll("output 0 '(.*?)'.*", "$1");
        assertThat(explain(TWO_OUTPUTS, "--output", 0).status()).isZero();
        byte[] byPlace = Files.readAllBytes(folder.resolve("out/koala.json"));
        assertThat(explain(TWO_OUTPUTS, "--output", name).status()).isZero();
        assertThat(folder.resolve("out/koala.json")).hasBinaryContent(byPlace);

        CommandLineRun wrong = explain(TWO_OUTPUTS, "--output", "unicorn");
        assertThat(wrong.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(wrong.errors()).contains("'unicorn'", "aux", "--output");
    }

    @Test
    void inspectListsTheOutputsAndWhichCanBeExplained() {
        CommandLineRun all = CommandLineRun.of("inspect", TWO_OUTPUTS);

        assertThat(all.status()).isZero();
        assertThat(all.output().lines())
                .anyMatch(line -> line.matches("output 0 '.*' +can be explained, \\d+ classes"))
                .anyMatch(line -> line.matches("output 1 'aux' +can be explained, 2 classes"))
                .last()
                .asString()
                .contains("--output");
        assertThat(CommandLineRun.of("inspect", "--output", 0, TWO_OUTPUTS).output())
                .contains("This model can be explained.");
        assertThat(CommandLineRun.of("inspect", "--output", 1, TWO_OUTPUTS).output())
                .contains("This model can be explained.");
    }

    @Test
    void aModelThatLeavesItsSizeOpenIsGivenOne() throws IOException {
        CommandLineRun none = explain(OPEN_SIZE);
        assertThat(none.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(none.errors()).contains("--size HEIGHTxWIDTH").doesNotContain("inputSize");

        assertThat(explain(OPEN_SIZE, "--size", "41x64").status()).isZero();
        // A convolution of 3x3 with stride 2 and without a border.
        assertThat(mapHeight()).isEqualTo(20);

        CommandLineRun inspected = CommandLineRun.of("inspect", OPEN_SIZE);
        assertThat(inspected.status()).isZero();
        assertThat(inspected.output()).contains("the model leaves them open: choose with --size", "224 x 224 x 3");
    }

    @Test
    void aModelOfOneSizeIsGivenNoOther() {
        CommandLineRun run = explain(Demo.MODEL, "--size", "64x64");

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("takes images of 224x224, not 64x64");
    }

    @Test
    void layersOfTheUsersOwnAreLikeLayersOfKeras() {
        CommandLineRun none = explain(CUSTOM_LAYERS);
        assertThat(none.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(none.errors()).contains("Wobble", "--layer-like").doesNotContain("KerasReader");

        CommandLineRun run = explain(
                CUSTOM_LAYERS,
                "--layer-like",
                "zoo>Wobble=Dropout{\"rate\": 0.5}",
                "--layer-like",
                "halve=Rescaling{\"scale\": 0.5, \"offset\": -1}");
        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(CommandLineRun.of(
                                "inspect",
                                "--layers",
                                "--layer-like",
                                "Wobble=Dropout",
                                "--layer-like",
                                "halve=Dropout",
                                CUSTOM_LAYERS)
                        .status())
                .isZero();
    }

    @Test
    void everyLayerThatStandsAgainstAModelHasALineIfAskedFor() {
        CommandLineRun brief = CommandLineRun.of("inspect", CUSTOM_LAYERS);
        CommandLineRun verbose = CommandLineRun.of("inspect", "--verbose", CUSTOM_LAYERS);

        assertThat(brief.errors().lines()).noneMatch(line -> line.startsWith("  layer "));
        assertThat(verbose.errors().lines())
                .anyMatch(line -> line.startsWith("  layer 'halve' "))
                .anyMatch(line -> line.startsWith("  layer ") && line.contains("Wobble"));
    }

    @Test
    void weightsMayComeFromAnotherFile() throws IOException {
        Path model = MODELS.resolve("mini_gap/k3.keras");
        assertThat(explain(model, "--class", 0).status()).isZero();
        byte[] own = Files.readAllBytes(folder.resolve("out/koala-0.npy"));

        CommandLineRun run = explain(model, "--class", 0, "--weights", MODELS.resolve("mini_gap/k3.h5"));

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(folder.resolve("out/koala-0.npy")).hasBinaryContent(own);
    }

    @Test
    void aPreparedModelHasNoLayers() {
        Path prepared = folder.resolve("m.cam4j");
        assertThat(CommandLineRun.of("prepare", "--size", "32x32", OPEN_SIZE, "-o", prepared)
                        .status())
                .isZero();

        assertThat(explain(prepared).status()).isZero();
        CommandLineRun run = explain(prepared, "--layer-like", "Wobble=Dropout");
        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("has no layers any more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wobble", "=Dropout", "Wobble=Dropout{", "Wobble=Dropout{\"rate\"}", "Wobble=Drop out"})
    void layersThatCannotBeReadAreRefusedWithTheOption(String layer) {
        CommandLineRun run = explain(CUSTOM_LAYERS, "--layer-like", layer);

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("--layer-like");
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "0x64", "64x-1", "64x64x3", "axb", "999999x2"})
    void sizesThatCannotBeReadAreRefusedWithTheOption(String size) {
        CommandLineRun run = explain(OPEN_SIZE, "--size", size);

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("--size", "such as 224x160");
    }
}
