package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cam4j.engine.Precision;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.explain.GradCam;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Bfloat16Support;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Runs with all instructions and, because the pom runs it twice, with AVX2, which has no bfloat16. */
class PrecisionTest {

    /** Roundings of 2^-9 in each of a few layers, relative. */
    private static final double FEW_LAYERS = 0.02;

    /** Zero in bfloat16. */
    private static final int LOWER_HALF = 0xFFFF;

    @TempDir
    private Path folder;

    private static MapperBuilder builder(PlannedNetworks network) {
        return ClassActivationMapper.of(network.graph(CNN2DFormat.NHWC))
                .inputSize(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .threads(2);
    }

    private static MapperBuilder halves(PlannedNetworks network) {
        return builder(network).precision(Precision.BFLOAT16);
    }

    private static void assumeBfloat16() {
        assumeThat(Bfloat16Support.isHere())
                .as("the processor multiplies in bfloat16")
                .isTrue();
    }

    private static float[] features(ClassActivationMapper mapper, INDArray images) {
        return mapper.activations(images).features().dup('c').data().asFloat();
    }

    @ParameterizedTest
    @EnumSource(PlannedNetworks.class)
    void activationsAreFloatsNearThoseOfSinglePrecision(PlannedNetworks network) {
        assumeBfloat16();
        INDArray images = PlannedNetworks.images(1);
        try (ClassActivationMapper exact = builder(network).build();
                ClassActivationMapper coarse = halves(network).build()) {
            float[] found = features(coarse, images);

            assertThat(Closeness.relative(found, features(exact, images))).isBetween(1e-5, FEW_LAYERS);
            assertThat(IntStream.range(0, found.length)
                            .filter(i -> (Float.floatToIntBits(found[i]) & LOWER_HALF) != 0)
                            .count())
                    .isPositive();
            assertThat(coarse.engine()).contains("bfloat16");
            assertThat(exact.engine()).doesNotContain("bfloat16");
        }
    }

    @ParameterizedTest
    @EnumSource(PlannedNetworks.class)
    void mapsAddUpToLogitsAsInSinglePrecision(PlannedNetworks network) {
        assumeBfloat16();
        INDArray images = PlannedNetworks.images(1);
        try (ClassActivationMapper mapper = halves(network).build()) {
            Activations activations = mapper.activations(images);
            float[] logits = activations.logits(0);
            float[] bias = mapper.denseBias().data().asFloat();
            for (int c = 0; c < logits.length; c++) {
                float[] map = activations.map(0, c);
                double sum = 0;
                for (float value : map) {
                    sum += value;
                }
                assertThat(sum / map.length + bias[c]).isCloseTo(logits[c], within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PlannedNetworks.class)
    void photosAloneInBatchesAndOnOneThreadGetTheSameBits(PlannedNetworks network) {
        assumeBfloat16();
        INDArray images = PlannedNetworks.images(5);
        try (ClassActivationMapper two = halves(network).build();
                ClassActivationMapper one = halves(network).threads(1).build()) {
            float[] batch = features(two, images);

            assertThat(features(one, images)).isEqualTo(batch);
            int each = batch.length / 5;
            for (int i = 0; i < 5; i++) {
                float[] alone = features(
                        two,
                        images.get(
                                        NDArrayIndex.interval(i, i + 1),
                                        NDArrayIndex.all(),
                                        NDArrayIndex.all(),
                                        NDArrayIndex.all())
                                .dup('c'));
                assertThat(alone).isEqualTo(Arrays.copyOfRange(batch, i * each, (i + 1) * each));
            }
        }
    }

    @Test
    void aPreparedModelOpensInEitherPrecisionWithTheSameBitsAsTheGraph() {
        assumeBfloat16();
        INDArray images = PlannedNetworks.images(1);
        for (Precision saved : Precision.values()) {
            Path file = folder.resolve(saved + ".cam4j");
            try (ClassActivationMapper mapper =
                    builder(PlannedNetworks.RESIDUAL).precision(saved).build()) {
                mapper.save(file);
            }
            for (Precision opened : Precision.values()) {
                try (ClassActivationMapper built = builder(PlannedNetworks.RESIDUAL)
                                .precision(opened)
                                .build();
                        ClassActivationMapper prepared = ClassActivationMapper.from(file)
                                .threads(2)
                                .precision(opened)
                                .build()) {
                    assertThat(features(prepared, images)).isEqualTo(features(built, images));
                }
            }
        }
    }

    @Test
    void aLeanFileIsRefusedInAnotherPrecisionThanItsOwn() {
        assumeBfloat16();
        INDArray images = PlannedNetworks.images(1);
        Path file = folder.resolve("lean.cam4j");
        try (ClassActivationMapper mapper = halves(PlannedNetworks.VGG).build()) {
            mapper.saveLean(file);
            try (ClassActivationMapper opened = ClassActivationMapper.from(file)
                    .precision(Precision.BFLOAT16)
                    .build()) {
                assertThat(features(opened, images)).isEqualTo(features(mapper, images));
            }
        }

        assertThatThrownBy(() -> ClassActivationMapper.from(file).build())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("is lean")
                .hasMessageContaining("bfloat16");
    }

    @Test
    void gradientsAreComputedInSinglePrecisionFromTheNetworksOwnActivations() {
        assumeBfloat16();
        BufferedImage photo = new BufferedImage(31, 29, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 29; i++) {
            photo.setRGB(i, i, 0xFF8040 * i);
        }
        try (ClassActivationMapper mapper = halves(PlannedNetworks.VGG)
                        .preprocessing(Preprocessing.TORCH)
                        .build();
                ClassActivationMapper exact = builder(PlannedNetworks.VGG)
                        .preprocessing(Preprocessing.TORCH)
                        .build()) {
            float[] found =
                    mapper.explain(photo, "photo").map(2, GradCam.atTarget()).toArray();
            float[] expected =
                    exact.explain(photo, "photo").map(2, GradCam.atTarget()).toArray();

            assertThat(Closeness.relative(found, expected)).isLessThan(FEW_LAYERS);
        }
    }

    @Test
    void aProcessorWithoutItRefusesInWords() {
        assumeThat(Bfloat16Support.isHere())
                .as("the processor multiplies in bfloat16")
                .isFalse();

        assertThatThrownBy(() -> halves(PlannedNetworks.VGG).build())
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("in bfloat16")
                .hasMessageContaining("oneDNN: this processor has no instructions for bfloat16")
                .hasMessageContaining("Leave the precision at float32");
    }

    @Test
    void aNetworkOnDl4jsOwnLayersIsRefused() {
        MapperBuilder builder = ClassActivationMapper.of(TestNetworks.withoutPlan())
                .inputSize(TestNetworks.HEIGHT, TestNetworks.WIDTH)
                .precision(Precision.BFLOAT16);

        assertThatThrownBy(builder::build)
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("DL4J's own layers run it (no plan")
                .hasMessageContaining("Leave the precision at float32");
    }

    @Test
    void otherEnginesSayThatTheyComputeInSinglePrecisionAlone() {
        for (String engine : new String[] {"Java", "ND4J"}) {
            assertThatThrownBy(() -> halves(PlannedNetworks.VGG).engine(engine).build())
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining(engine + ": it computes in float32 alone")
                    .hasMessageContaining("Leave the precision at float32");
        }
    }
}
