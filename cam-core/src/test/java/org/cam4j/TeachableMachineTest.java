package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoReader;
import org.cam4j.image.Preprocessing;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.testing.Arrays32;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Exports of Teachable Machine: {@code keras_teachable_machine.py} made the file, and the values with Teachable Machine's own code. */
class TeachableMachineTest {

    private static final Path EXPORT = Golden.resource("/keras/teachable_machine/converted_keras.zip");
    private static final String[] LABELS = {"Cat", "Dog & wolf", "3 birds"};

    @TempDir
    Path folder;

    private static Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(EXPORT.toFile())) {
            for (String name : new String[] {"keras_model.h5", "labels.txt"}) {
                entries.put(name, zip.getInputStream(zip.getEntry(name)).readAllBytes());
            }
        }
        return entries;
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return Files.write(folder.resolve("converted_keras (1).zip"), bytes.toByteArray());
    }

    private Path unpacked() throws IOException {
        for (Map.Entry<String, byte[]> entry : entries().entrySet()) {
            Files.write(folder.resolve(entry.getKey()), entry.getValue());
        }
        return folder.resolve("keras_model.h5");
    }

    private static void assertIsKnown(ModelSettings settings) {
        assertThat(settings.preprocessing()).contains(Preprocessing.TF);
        assertThat(settings.interpolation()).contains(Interpolation.LANCZOS);
        assertThat(settings.fit()).contains(Fit.EXACT_CENTER_CROP);
        assertThat(settings.labels().orElseThrow().names()).containsExactly(LABELS);
    }

    private static ModelSettings settings(Path file) {
        return KerasSource.of(file, KerasModels.reader()).settings();
    }

    @Test
    void theZipHasModelLabelsAndAKnownPreparation() {
        assertIsKnown(settings(EXPORT));
    }

    @Test
    void theUnpackedModelFindsItsLabelsBesideIt() throws IOException {
        assertIsKnown(settings(unpacked()));
    }

    /** As Teachable Machine's own code spells it. */
    @Test
    void theModelMayBeCalledInCapitals() throws IOException {
        Path model = unpacked();

        assertIsKnown(settings(Files.move(model, model.resolveSibling("keras_Model.h5"))));
    }

    @Test
    void theZipMayHoldAFolder() throws IOException {
        Map<String, byte[]> inFolder = new LinkedHashMap<>();
        entries().forEach((name, content) -> inFolder.put("converted_keras/" + name, content));
        inFolder.put("__MACOSX/converted_keras/._keras_model.h5", new byte[] {1});

        assertIsKnown(settings(zip(inFolder)));
    }

    @Test
    void settingsBesideTheModelCountMore() throws IOException {
        Path model = unpacked();
        Files.writeString(folder.resolve("keras_model.json"), "{\"preprocessing\": \"unit\"}");

        ModelSettings settings = settings(model);

        assertThat(settings.preprocessing()).contains(Preprocessing.UNIT);
        assertThat(settings.fit()).isEmpty();
    }

    /** A user's own model may have the name, and labels beside it, but was trained in another way. */
    @Test
    void anotherModelOfTheNameIsNotTakenForAnExport() throws IOException {
        Files.copy(Golden.resource("/keras/models/mini_gap/k2.h5"), folder.resolve("keras_model.h5"));
        Files.writeString(folder.resolve("labels.txt"), "0 cat\n1 dog\n");

        assertThat(settings(folder.resolve("keras_model.h5"))).isEqualTo(ModelSettings.NONE);
    }

    @Test
    void theNetworkComputesWhatKerasDoesWithTheirPreparation() {
        ImportedModel model = KerasModels.load(EXPORT);
        ModelSettings settings = settings(EXPORT);
        ImagePreparation preparation = new ImagePreparation(
                224,
                224,
                3,
                settings.preprocessing().orElseThrow(),
                settings.interpolation().orElseThrow(),
                settings.fit().orElseThrow());
        float[] input = preparation
                .prepare(PhotoReader.standard().read(Golden.resource("/keras/teachable_machine/photo.png")))
                .values();

        INDArray probabilities = model.graph().outputSingle(Nd4j.create(input, new long[] {1, 224, 224, 3}, 'c'));

        assertThat(Arrays32.relativeL2(
                        probabilities.data().asFloat(), Arrays32.read("/keras/teachable_machine/probabilities.bin")))
                .isLessThan(1e-5);
    }

    @Test
    void theExportIsExplainedAsItComes() {
        try (ClassActivationMapper mapper = ClassActivationMapper.from(EXPORT).build()) {
            Explanation explanation = mapper.explain(Golden.resource("/keras/teachable_machine/photo.png"));

            assertThat(explanation.prediction().label()).isEqualTo("Cat");
            float[] probabilities = Arrays32.read("/keras/teachable_machine/probabilities.bin");
            float[] biases = Arrays32.read("/keras/teachable_machine/bias.bin");
            float[] maps = Arrays32.read("/keras/teachable_machine/map.bin");
            for (int c = 0; c < LABELS.length; c++) {
                ActivationMap map = explanation.map(LABELS[c]);
                assertThat(explanation.prediction(c).probability()).isCloseTo(probabilities[c], within(1e-5));
                assertThat(map.bias()).isCloseTo(biases[c], within(1e-5f));
                assertThat(Arrays32.relativeL2(map.toArray(), Arrays.copyOfRange(maps, c * 49, (c + 1) * 49)))
                        .isLessThan(1e-4);
            }
        }
    }

    @Test
    void labelsInTheZipAreNamedWhereTheyAreWrong() throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put("labels.txt", "1 Cat\n2 Dog\n3 Bird\n".getBytes(StandardCharsets.UTF_8));
        Path file = zip(entries);

        assertThatThrownBy(() -> settings(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("'labels.txt' in", "converted_keras (1).zip", "numbers that count from 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no HDF5", ""})
    void aZipWhoseModelIsNoneIsRefused(String content) throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put("keras_model.h5", content.getBytes(StandardCharsets.UTF_8));
        Path file = zip(entries);

        assertThatThrownBy(() -> settings(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("converted_keras (1).zip", "its keras_model.h5 is no HDF5 file");
    }

    @Test
    void theBytesOfAZipAreReadToo() throws IOException {
        assertThat(KerasModels.load(Files.readAllBytes(EXPORT)).layers()).isNotEmpty();
    }

    @Test
    void onlyTheWholePreparationFitsTogether() {
        assertThatThrownBy(() -> new ImagePreparation(
                        224, 224, 3, Preprocessing.TF, Interpolation.BILINEAR, Fit.EXACT_CENTER_CROP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("exact_center_crop", "bilinear", "lanczos");
    }
}
