package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.testing.Arrays32.read;
import static org.cam4j.testing.Arrays32.relativeL2;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A VGG19-GAP with an eighth of the channels, against what Keras computed (src/test/python/make_vgg19_gap_eighth.py). */
class VggGapTest {

    private static final String FIXTURE = "/keras/vgg19_gap_eighth/";
    private static final int CLASSES = 19;

    private static ClassActivationMapper mapper;
    private static INDArray image;
    private static float[] logits;

    @BeforeAll
    static void open() throws URISyntaxException {
        mapper = ClassActivationMapper.fromKeras(Path.of(
                        VggGapTest.class.getResource(FIXTURE + "model.h5").toURI()))
                .keepGraph()
                .build();
        float[] values = new float[224 * 224 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (((i * 1103515245L + 12345) % (1L << 31)) / (double) (1 << 30) - 1);
        }
        image = Nd4j.createFromArray(values).reshape(1, 224, 224, 3);
        logits = read(FIXTURE + "logits.bin");
    }

    @AfterAll
    static void close() {
        mapper.close();
    }

    private static int best() {
        return IntStream.range(0, CLASSES)
                .reduce((a, b) -> logits[a] >= logits[b] ? a : b)
                .getAsInt();
    }

    @Test
    void findsTheBlogsLayers() {
        ModelSummary summary = mapper.summary();

        assertThat(summary.lastConvolution()).isEqualTo("block5_conv4");
        assertThat(summary.pooling()).isEqualTo("gap");
        assertThat(summary.head()).isEqualTo("scores");
        assertThat(new int[] {summary.mapHeight(), summary.mapWidth(), summary.channels(), summary.classes()})
                .containsExactly(14, 14, 64, CLASSES);
        assertThat(mapper.denseWeights().shape()).containsExactly(64, CLASSES);
        assertThat(mapper.denseBias().shape()).containsExactly(CLASSES);
    }

    @Test
    void activationsLogitsAndMapsAreKeras() {
        Activations activations = mapper.activations(image);
        float[] maps = activations
                .maps(IntStream.range(0, CLASSES).toArray())
                .permute(0, 2, 3, 1)
                .dup('c')
                .data()
                .asFloat();

        assertThat(activations.features().shape()).containsExactly(1, 14, 14, 64);
        assertThat(relativeL2(activations.features().data().asFloat(), read(FIXTURE + "activations.bin")))
                .isLessThan(1e-5);
        assertThat(relativeL2(activations.logits(0), logits)).isLessThan(1e-5);
        assertThat(relativeL2(maps, read(FIXTURE + "maps.bin"))).isLessThan(1e-5);
    }

    @Test
    void upsamplingIsTensorFlows() {
        INDArray map = mapper.maps(image, best());

        assertThat(relativeL2(mapper.upsample(map, 224, 224).data().asFloat(), read(FIXTURE + "upsampled.bin")))
                .isLessThan(1e-5);
        assertThat(relativeL2(
                        InterpolatedMap.of(
                                        map.dup('c').data().asFloat(),
                                        14,
                                        14,
                                        Geometry.squash(224, 224, 224, 224),
                                        MapPlacement.whole(224, 224))
                                .values(),
                        read(FIXTURE + "upsampled.bin")))
                .isLessThan(1e-5);
    }

    /** The mean of a raw map and the class's bias are its logit. */
    @Test
    void theIdentityHoldsForEveryClass() {
        Activations activations = mapper.activations(image);
        double scale = 0;
        for (float logit : logits) {
            scale = Math.max(scale, Math.abs(logit));
        }
        for (int c = 0; c < CLASSES; c++) {
            double mean = 0;
            for (float value : activations.map(0, c)) {
                mean += value / (14.0 * 14);
            }
            assertThat(mean + mapper.denseBias().getDouble(c))
                    .isCloseTo(activations.logits(0)[c], within(1e-4 * scale));
        }
    }

    /** Two outputs, squeeze, dot with the weights times -1, enlarge by 16: the blog's map is ours upside down. */
    @Test
    void theBlogsRecipeIsOursNegated() {
        INDArray[] outputs = mapper.graph()
                .output(java.util.List.of("block5_conv4", "predictions"), false, new INDArray[] {image}, null);
        INDArray features = Nd4j.squeeze(outputs[0], 0);
        int predicted = outputs[1].argMax(1).getInt(0);
        INDArray negated = mapper.denseWeights().getColumn(predicted).neg().reshape(64, 1);
        INDArray dot = features.reshape(14 * 14, 64).mmul(negated);
        INDArray blog = mapper.upsample(dot.reshape('c', 1, 1, 14, 14), 14 * 16, 14 * 16);

        INDArray ours = mapper.upsample(mapper.maps(image, predicted), 224, 224);

        assertThat(predicted).isEqualTo(best());
        assertThat(relativeL2(blog.neg().data().asFloat(), ours.data().asFloat()))
                .isLessThan(1e-5);
    }
}
