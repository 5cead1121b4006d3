package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.HiResCam;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Golden;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs with AVX-512 and, because the pom runs it twice, with AVX2. */
class PreparedModelTest {

    @TempDir
    private Path folder;

    private static MapperBuilder builder(PlannedNetworks network) {
        return ClassActivationMapper.of(network.graph(CNN2DFormat.NHWC))
                .inputSize(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .preprocessing(Preprocessing.TORCH)
                .resize(Interpolation.NEAREST)
                .fit(Fit.LETTERBOX)
                .labels(Labels.of("panda", "fox", "bear", "wolf", "größer"));
    }

    private static BufferedImage photo(int width, int height) {
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(11);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                photo.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return photo;
    }

    private static List<Float> bits(Explanation explanation) {
        List<Float> bits = new ArrayList<>();
        for (int c = 0; c < explanation.classes(); c++) {
            bits.add((float) explanation.prediction(c).logit());
            for (float value : explanation.map(c).toArray()) {
                bits.add(value);
            }
        }
        return bits;
    }

    private Path saved(PlannedNetworks network) {
        Path file = folder.resolve(network + ".cam4j");
        try (ClassActivationMapper mapper = builder(network).build()) {
            mapper.save(file);
        }
        return file;
    }

    @ParameterizedTest
    @EnumSource(PlannedNetworks.class)
    void anOpenedModelGivesTheBitsOfTheSavedOne(PlannedNetworks network) {
        Path file = folder.resolve("model.cam4j");
        BufferedImage photo = photo(50, 31);
        List<BufferedImage> batch = List.of(photo, photo(20, 20), photo(9, 40));
        try (ClassActivationMapper mapper = builder(network).build()) {
            mapper.save(file);
            try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                assertThat(opened.engine()).isEqualTo(mapper.engine());
                assertThat(bits(opened.explain(photo))).isEqualTo(bits(mapper.explain(photo)));
                List<Explanation> expected = mapper.explain(batch);
                List<Explanation> explanations = opened.explain(batch);
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(bits(explanations.get(i))).isEqualTo(bits(expected.get(i)));
                }
            }
        }
    }

    @Test
    void everythingThatTheMapperKnewIsInTheFile() {
        try (ClassActivationMapper mapper = builder(PlannedNetworks.RESIDUAL).build()) {
            Path file = folder.resolve("model.cam4j");
            mapper.save(file);
            try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                assertThat(opened.summary()).isEqualTo(mapper.summary());
                assertThat(opened.labels().names()).isEqualTo(mapper.labels().names());
                assertThat(opened.preparation()).isEqualTo(mapper.preparation());
                assertThat(opened.denseWeights()).isEqualTo(mapper.denseWeights());
                assertThat(opened.denseBias()).isEqualTo(mapper.denseBias());
                assertThat(opened.explain(photo(30, 30)).provenance())
                        .isEqualTo(mapper.explain(photo(30, 30)).provenance());
                INDArray images = PlannedNetworks.images(2);
                assertThat(opened.maps(images, 0, 3)).isEqualTo(mapper.maps(images, 0, 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PlannedNetworks.class)
    void methodsFindTheTargetLayerByTheNameThatItHadBefore(PlannedNetworks network) {
        Path file = folder.resolve("model.cam4j");
        BufferedImage photo = photo(50, 31);
        try (ClassActivationMapper mapper = builder(network).build()) {
            String target = mapper.summary().features();
            assumeTrue(mapper.layers().contains(target), "several maps are joined, under no name of a layer");
            mapper.save(file);
            try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                assertThat(opened.layers()).contains(target);
                float[] expected =
                        mapper.explain(photo).map(1, HiResCam.at(target)).toArray();
                assertThat(opened.explain(photo).map(1, HiResCam.at(target)).toArray())
                        .containsExactly(expected, within(1e-5f));
            }
        }
    }

    @Test
    void aFileThatAsksForMoreThanTheLimitsIsRefusedByItsName() {
        Path file = saved(PlannedNetworks.RESIDUAL);

        assertThatThrownBy(() -> ClassActivationMapper.from(file)
                        .maxNetworkBytes(1024)
                        .build()
                        .close())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("prepared model '" + file + "' cannot be run: the network is too large")
                .hasMessageContaining("maxNetworkBytes");
    }

    @Test
    void aKerasFileIsKnownByItsHashInTheFileThatIsMadeOfIt() {
        Golden golden = Golden.of("nested_vgg", "k3.keras");
        Path file = folder.resolve("nested.anything");
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(golden.model()).build()) {
            mapper.save(file);
            try (ClassActivationMapper opened = ClassActivationMapper.from(file).build()) {
                assertThat(opened.summary().notes()).isEqualTo(mapper.summary().notes());
                assertThat(opened.convActivations(golden.x())).isEqualTo(mapper.convActivations(golden.x()));
                assertThatIllegalStateException().isThrownBy(opened::graph).withMessageContaining("keepGraph()");
                assertThat(opened.preparation()).isEmpty();
            }
        }
    }

    @Test
    void savingTwiceGivesTheSameBytes() throws IOException {
        Path again = folder.resolve("again.cam4j");
        Path first = saved(PlannedNetworks.RESIDUAL);

        try (ClassActivationMapper opened = ClassActivationMapper.open(first)) {
            opened.save(again);
            // In place: whoever has the old file open keeps it.
            opened.save(first);
            assertThat(opened.explain(photo(30, 30)).classes()).isEqualTo(TestNetworks.CLASSES);
        }

        assertThat(again).hasSameBinaryContentAs(first);
    }

    @Test
    void aLeanModelIsSmallerAndGivesTheSameBits() throws IOException {
        Path whole = saved(PlannedNetworks.VGG);
        Path lean = folder.resolve("lean.cam4j");
        try (ClassActivationMapper mapper = ClassActivationMapper.open(whole)) {
            mapper.saveLean(lean);
            try (ClassActivationMapper opened = ClassActivationMapper.open(lean)) {
                assertThat(bits(opened.explain(photo(30, 30)))).isEqualTo(bits(mapper.explain(photo(30, 30))));
                assertThatThrownBy(() -> opened.save(folder.resolve("fat.cam4j")))
                        .isInstanceOf(ModelFileException.class)
                        .hasMessageContaining("is lean");
            }
        }

        assertThat(Files.size(lean)).isLessThan(Files.size(whole) - 100_000);
        assertThat(folder.resolve("fat.cam4j")).doesNotExist();
    }

    @Test
    void aMissingFileIsNotCalledAKerasFile() {
        Path missing = folder.resolve("missing.cam4j");

        assertThatThrownBy(() -> ClassActivationMapper.from(missing))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("there is no model '" + missing + "': check the path.");
    }

    @Test
    void aLeanModelSaysWhatItWasPackedForWhereThatIsNotHere() {
        Path lean = folder.resolve("lean.cam4j");
        try (ClassActivationMapper mapper = builder(PlannedNetworks.VGG).build()) {
            mapper.saveLean(lean);
        }

        assertThatThrownBy(() -> ClassActivationMapper.from(lean).engine("ND4J").build())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("packed for oneDNN 2.5.2")
                .hasMessageContaining("here is ND4J")
                .hasMessageContaining("without --lean");
    }

    @Test
    void anotherEngineTakesThePlainWeights() {
        Path file = saved(PlannedNetworks.RESIDUAL);
        try (ClassActivationMapper mapper = ClassActivationMapper.open(file);
                ClassActivationMapper nd4j =
                        ClassActivationMapper.from(file).engine("ND4J").build()) {
            assertThat(nd4j.engine()).startsWith("ND4J");
            INDArray images = PlannedNetworks.images(1);
            assertThat(nd4j.convActivations(images).distance2(mapper.convActivations(images)))
                    .isLessThan(1e-3);
            Path plain = folder.resolve("plain.cam4j");
            nd4j.save(plain);
            try (ClassActivationMapper packedAgain = ClassActivationMapper.open(plain)) {
                assertThat(bits(packedAgain.explain(photo(30, 30)))).isEqualTo(bits(mapper.explain(photo(30, 30))));
            }
            assertThatThrownBy(() -> nd4j.saveLean(folder.resolve("lean.cam4j")))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("packs no weights");
        }
    }

    @Test
    void settingsOfTheBuilderGoBeforeThoseOfTheFile() {
        try (ClassActivationMapper mapper = ClassActivationMapper.from(saved(PlannedNetworks.VGG))
                .preprocessing(Preprocessing.TF)
                .labels(Labels.of("a", "b", "c", "d", "e"))
                .threads(1)
                .build()) {
            assertThat(mapper.preparation().orElseThrow().preprocessing()).isEqualTo(Preprocessing.TF);
            assertThat(mapper.preparation().orElseThrow().fit()).isEqualTo(Fit.LETTERBOX);
            assertThat(mapper.labels().names()).containsExactly("a", "b", "c", "d", "e");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassActivationMapper.from(folder.resolve("VGG.cam4j"))
                        .inputSize(64, 64)
                        .build())
                .withMessageContaining("prepared for images of 29x23, not 64x64");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        ClassActivationMapper.from(folder.resolve("VGG.cam4j")).keepGraph())
                .withMessageContaining("holds no graph");
    }

    @Test
    void aNetworkThatLeavesItsSizeOpenIsSavedForItsUsualSize() {
        Golden golden = Golden.of("open_size", "k3.keras");
        Path file = folder.resolve("model.cam4j");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(golden.model())
                .inputSize(24, 16)
                .preprocessing(Preprocessing.UNIT)
                .build()) {
            BufferedImage photo = photo(40, 40);
            for (int size = 20; size < 30; size++) {
                mapper.explain(photo, size, size);
            }
            mapper.save(file);
            try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                assertThat(bits(opened.explain(photo))).isEqualTo(bits(mapper.explain(photo)));
                assertThatIllegalArgumentException().isThrownBy(() -> opened.explain(photo, 20, 20));
            }
        }
    }

    @Test
    void aNetworkWithoutAPlanIsNotSaved() {
        Path file = folder.resolve("model.cam4j");
        try (ClassActivationMapper mapper = ClassActivationMapper.of(TestNetworks.withoutPlan())
                .inputSize(TestNetworks.HEIGHT, TestNetworks.WIDTH)
                .build()) {
            assertThatThrownBy(() -> mapper.save(file))
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("cannot be prepared: it runs on DL4J")
                    .hasMessageContaining("no plan");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void closingFreesAllNativeMemoryAndStopsSaving() {
        Path file = saved(PlannedNetworks.JOINED);
        ClassActivationMapper.open(file).close();

        // The collector may free arrays of earlier tests meanwhile, so that less is left than before. A leak would be
        // there every time.
        assertThat(IntStream.range(0, 5).boxed()).anySatisfy(attempt -> {
            long before = Pointer.totalBytes();
            long count = Pointer.totalCount();
            ClassActivationMapper mapper = ClassActivationMapper.open(file);
            mapper.explain(List.of(photo(30, 30), photo(30, 30)));
            mapper.close();

            assertThat(Pointer.totalBytes()).isEqualTo(before);
            assertThat(Pointer.totalCount()).isEqualTo(count);
            assertThatIllegalStateException().isThrownBy(() -> mapper.save(file));
        });
    }
}
