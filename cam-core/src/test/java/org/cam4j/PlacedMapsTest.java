package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.cam4j.dl4j.layers.PermuteVertex;
import org.cam4j.dl4j.layers.ResizeVertex;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Extent;
import org.cam4j.image.Fit;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.Preprocessing;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.MapWarning;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.report.Report;
import org.cam4j.render.sheet.ContactSheet;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;

/** Networks that see how bright a photo is, behind layers that crop, pad, resize or turn it: the box is where the white square is. */
class PlacedMapsTest {

    private static final int HEIGHT = 48;
    private static final int WIDTH = 64;

    @TempDir
    Path folder;

    /** A network behind some layers, the last of which is called "moved". */
    private static ClassActivationMapper mapper(UnaryOperator<GraphBuilder> move) {
        ComputationGraph graph = new ComputationGraph(move.apply(new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("image")
                        .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, 3, CNN2DFormat.NHWC)))
                .addLayer("brightness", TestNetworks.convolution(1, 3, 1, CNN2DFormat.NHWC, Activation.RELU), "moved")
                .addLayer("gap", TestNetworks.averagePooling(), "brightness")
                .addLayer(
                        "classes",
                        new DenseLayer.Builder()
                                .nIn(1)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "gap")
                .setOutputs("classes")
                .build());
        graph.init();
        graph.getParam("brightness_W").assign(1 / 3.0);
        graph.getParam("classes_W").putScalar(0, 0, 1).putScalar(0, 1, -1);
        return ClassActivationMapper.of(graph)
                .inputSize(HEIGHT, WIDTH)
                .preprocessing(Preprocessing.UNIT)
                .fit(Fit.SQUASH)
                .build();
    }

    private static UnaryOperator<GraphBuilder> cropped(int... sides) {
        return builder -> builder.addLayer(
                "moved",
                new Cropping2D.Builder(sides).dataFormat(CNN2DFormat.NHWC).build(),
                "image");
    }

    private static UnaryOperator<GraphBuilder> padded(int... sides) {
        return builder -> builder.addLayer(
                "moved",
                new ZeroPaddingLayer.Builder(sides).dataFormat(CNN2DFormat.NHWC).build(),
                "image");
    }

    /** Black with a white square, at twice the network's input. */
    private static BufferedImage photo(BoundingBox white) {
        BufferedImage photo = new BufferedImage(2 * WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = photo.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(white.x0(), white.y0(), white.width(), white.height());
        graphics.dispose();
        return photo;
    }

    private static BoundingBox square(Random random, BoundingBox within) {
        int side = 16;
        return BoundingBox.ofSize(
                within.x0() + random.nextInt(within.width() - side + 1),
                within.y0() + random.nextInt(within.height() - side + 1),
                side,
                side);
    }

    private static void assertFinds(ClassActivationMapper mapper, BoundingBox seen) {
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            BoundingBox white = square(random, seen);
            Explanation explanation = mapper.explain(photo(white));
            BoundingBox box = Localizer.paper().box(explanation.map(0)).orElseThrow();
            assertThat(box.intersectionOverUnion(white))
                    .as("%s for %s", box, white)
                    .isGreaterThan(0.75);
        }
    }

    @Test
    void theBoxIsWhereTheSquareIsBehindACrop() {
        try (ClassActivationMapper mapper = mapper(cropped(4, 12, 20, 3))) {
            assertFinds(mapper, new BoundingBox(40, 8, 122, 72));
            assertThat(mapper.placement())
                    .isEqualTo(new MapPlacement.Placed(new Extent(4, 36, 4, 36), new Extent(20, 61, 20, 61), false));
        }
    }

    @Test
    void whatIsCroppedAwaySaysNothing() {
        try (ClassActivationMapper mapper = mapper(cropped(4, 12, 20, 3))) {
            Explanation explanation = mapper.explain(photo(new BoundingBox(0, 0, 128, 96)));

            float[] heat = explanation.map(0).upsampledArray();

            for (int y = 0; y < 96; y++) {
                for (int x = 0; x < 128; x++) {
                    boolean seen = y >= 8 && y < 72 && x >= 40 && x < 122;
                    assertThat(heat[y * 128 + x] > 0).as("%d, %d", x, y).isEqualTo(seen);
                }
            }
        }
    }

    @Test
    void theBoxIsWhereTheSquareIsBehindAPadding() {
        try (ClassActivationMapper mapper = mapper(padded(10, 0, 3, 17))) {
            assertFinds(mapper, new BoundingBox(0, 0, 128, 96));
        }
    }

    @Test
    void theBoxIsWhereTheSquareIsBehindAResizedCrop() {
        try (ClassActivationMapper mapper = mapper(builder -> builder.addLayer(
                        "crop",
                        new Cropping2D.Builder(0, 16, 30, 2)
                                .dataFormat(CNN2DFormat.NHWC)
                                .build(),
                        "image")
                .addVertex("moved", new ResizeVertex(80, 80, ResizeVertex.Interpolation.BILINEAR), "crop"))) {
            assertFinds(mapper, new BoundingBox(60, 0, 124, 64));
        }
    }

    @Test
    void theBoxIsWhereTheSquareIsBehindExchangedRowsAndColumns() {
        try (ClassActivationMapper mapper =
                mapper(builder -> builder.addVertex("turned", new PermuteVertex(2, 1, 3), "image")
                        .addLayer(
                                "moved",
                                new Cropping2D.Builder(6, 0, 2, 0)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .build(),
                                "turned"))) {
            assertFinds(mapper, new BoundingBox(12, 4, 128, 96));
        }
    }

    @Test
    void preparedModelsAndSavedExplanationsKeepThePlaces() {
        BoundingBox white = new BoundingBox(60, 30, 76, 46);
        Path prepared = folder.resolve("crop.cam4j");
        Path saved = folder.resolve("crop.npz");
        try (ClassActivationMapper mapper = mapper(cropped(4, 12, 20, 3))) {
            mapper.save(prepared);
            Explanation explanation = mapper.explain(photo(white));
            explanation.save(saved);
            try (ClassActivationMapper opened = ClassActivationMapper.open(prepared)) {
                assertThat(opened.placement()).isEqualTo(mapper.placement());
                assertThat(opened.explain(photo(white)).map(0).upsampledArray())
                        .isEqualTo(explanation.map(0).upsampledArray());
            }
            assertThat(Explanation.load(saved).placement()).isEqualTo(explanation.placement());
            assertThat(Explanation.load(saved).map(0).upsampledArray())
                    .isEqualTo(explanation.map(0).upsampledArray());
        }
    }

    // ---- networks that run on DL4J's layers ----

    /** A layer that no plan can say. */
    private static GraphBuilder unplanned(GraphBuilder builder, String name, String input) {
        return builder.addLayer(
                name, TestNetworks.convolution(1, 3, 3, CNN2DFormat.NHWC, Activation.RATIONALTANH), input);
    }

    @Test
    void withoutAPlanOrdinaryLayersCoverTheInputEvenly() {
        try (ClassActivationMapper mapper = mapper(builder -> unplanned(builder, "moved", "image"))) {
            assertThat(mapper.plan()).isEmpty();
            assertThat(mapper.placement()).isEqualTo(MapPlacement.whole(HEIGHT, WIDTH));
        }
    }

    /** As in the same network with a layer that a plan can say. */
    @Test
    void withoutAPlanCropsAndExchangedAxesAreFollowed() {
        assertIsPlacedAsItsPlannedTwin(builder -> builder.addLayer(
                "moving",
                new Cropping2D.Builder(4, 0, 0, 0).dataFormat(CNN2DFormat.NHWC).build(),
                "image"));
        assertIsPlacedAsItsPlannedTwin(builder -> builder.addVertex("moving", new PermuteVertex(2, 1, 3), "image"));
    }

    private void assertIsPlacedAsItsPlannedTwin(UnaryOperator<GraphBuilder> moving) {
        try (ClassActivationMapper unplanned = mapper(builder -> unplanned(moving.apply(builder), "moved", "moving"));
                ClassActivationMapper planned = mapper(builder -> moving.apply(builder)
                        .addLayer(
                                "moved",
                                TestNetworks.convolution(1, 3, 3, CNN2DFormat.NHWC, Activation.RELU),
                                "moving"))) {
            assertThat(unplanned.plan()).isEmpty();
            assertThat(planned.plan()).isPresent();
            assertThat(unplanned.placement())
                    .isEqualTo(planned.placement())
                    .isNotEqualTo(MapPlacement.whole(HEIGHT, WIDTH));
        }
    }

    // ---- maps without a place ----

    private static ClassActivationMapper unplaced() {
        return mapper(builder -> builder.addLayer(
                        "left",
                        new Cropping2D.Builder(0, 0, 0, 20)
                                .dataFormat(CNN2DFormat.NHWC)
                                .build(),
                        "image")
                .addLayer(
                        "right",
                        new Cropping2D.Builder(0, 0, 20, 0)
                                .dataFormat(CNN2DFormat.NHWC)
                                .build(),
                        "image")
                .addVertex("moved", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right"));
    }

    @Test
    void mapsWithoutAPlaceAreGivenAndBoxesAreRefusedInWords() {
        try (ClassActivationMapper mapper = unplaced()) {
            Explanation explanation = mapper.explain(photo(new BoundingBox(20, 20, 60, 60)));
            ActivationMap map = explanation.map(0);

            assertThat(map.isPlaced()).isFalse();
            assertThat(map.width()).isEqualTo(44);
            assertThat(map.max()).isPositive();
            for (Runnable refused : List.<Runnable>of(
                    map::upsampledArray, () -> Localizer.paper().box(map), () -> Overlay.of(explanation, map))) {
                assertThatThrownBy(refused::run)
                        .isInstanceOf(UnsupportedModelException.class)
                        .hasMessageContainingAll("no place in the photo", "'moved' joins", "0 to 44", "20 to 64");
            }
            assertThat(MapCheck.of(map).warnings()).contains(MapWarning.NO_PLACE);
        }
    }

    @Test
    void pagesAndSheetsShowPhotosWithoutAPlaceForTheirMaps() throws IOException {
        try (ClassActivationMapper mapper = unplaced()) {
            Explanation explanation = mapper.explain(photo(new BoundingBox(20, 20, 60, 60)));
            Path page = folder.resolve("page.html");
            Path saved = folder.resolve("unplaced.npz");

            Report.of("unplaced").write(page, List.of(explanation));
            explanation.save(saved);

            assertThat(Files.readString(page)).contains("no place in the photo");
            assertThat(ContactSheet.gallery(List.of(explanation)).image().getWidth())
                    .isPositive();
            assertThat(Explanation.load(saved).placement()).isEqualTo(explanation.placement());
        }
    }
}
