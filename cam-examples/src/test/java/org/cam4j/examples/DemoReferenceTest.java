package org.cam4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.Activations;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** EfficientNet-Lite0 with its ImageNet weights on the twelve photos, against Keras. */
class DemoReferenceTest {

    private static ClassActivationMapper mapper;

    @BeforeAll
    static void open() {
        mapper = ClassActivationMapper.fromKeras(Demo.MODEL).build();
    }

    @AfterAll
    static void close() {
        mapper.close();
    }

    static List<Demo.Photo> photos() {
        return Demo.photos();
    }

    private static double relativeL2(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    @Test
    void logitsMapsAndActivationsAreKeras() {
        float[] pixels = Demo.reference("images_uint8_nhwc.npy");
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (pixels[i] - 127) / 128;
        }
        INDArray images = Nd4j.createFromArray(pixels).reshape(12, 224, 224, 3);
        List<Demo.Photo> photos = Demo.photos();

        Activations activations = mapper.activations(images);

        float[] logits = new float[12 * 1000];
        float[] maps = new float[12 * 49];
        for (int i = 0; i < 12; i++) {
            System.arraycopy(activations.logits(i), 0, logits, i * 1000, 1000);
            System.arraycopy(activations.map(i, photos.get(i).index()), 0, maps, i * 49, 49);
        }
        assertThat(relativeL2(logits, Demo.reference("logits.npy"))).isLessThan(1e-4);
        assertThat(relativeL2(maps, Demo.reference("cams_label.npy"))).isLessThan(1e-4);
        float[] panda = activations.features().slice(0).dup('c').data().asFloat();
        assertThat(relativeL2(panda, Demo.reference("features_giant_panda.npy")))
                .isLessThan(1e-4);
    }

    @ParameterizedTest
    @MethodSource("photos")
    void photosAreClassifiedRightAndTheHottestCellIsOnTheAnimal(Demo.Photo photo) {
        Explanation explanation = mapper.explain(photo.file());

        assertThat(explanation.prediction().index()).isEqualTo(photo.index());
        assertThat(explanation.prediction().label()).isEqualTo(photo.label());
        assertThat(explanation.prediction().probability()).isGreaterThan(0.5);

        ActivationMap map = explanation.map();
        float[] values = map.toArray();
        int hottest = 0;
        for (int i = 0; i < values.length; i++) {
            hottest = values[i] > values[hottest] ? i : hottest;
        }
        double x = map.geometry().toPhotoX((hottest % map.width() + 0.5) * 224 / map.width());
        double y = map.geometry().toPhotoY((Math.floorDiv(hottest, map.width()) + 0.5) * 224 / map.height());
        BoundingBox labelled = new BoundingBox(photo.x0(), photo.y0(), photo.x1(), photo.y1());
        assertThat(labelled.contains((int) x, (int) y))
                .as("hottest cell's centre (%.0f, %.0f) in %s", x, y, labelled)
                .isTrue();

        BoundingBox found = Localizer.paper().box(map).orElseThrow();
        assertThat(found.intersectionOverUnion(labelled)).isGreaterThan(0.3);
    }

    @Test
    void anOverlayOfAnExplanationIsThatOfItsPhotoAndMap() {
        Explanation explanation = mapper.explain(Demo.PHOTOS.resolve("koala.jpg"));
        ActivationMap map = explanation.map("macaw");

        int[] best = pixels(Overlay.of(explanation));
        int[] other = pixels(Overlay.of(explanation, map));

        assertThat(best).isEqualTo(pixels(Overlay.of(explanation.photo(), explanation.map())));
        assertThat(other).isEqualTo(pixels(Overlay.of(explanation.photo(), map)));
        assertThat(Arrays.equals(best, other)).isFalse();
    }

    private static int[] pixels(Overlay overlay) {
        var image = overlay.image();
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
