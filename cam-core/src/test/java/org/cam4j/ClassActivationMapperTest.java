package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.testing.TestNetworks.CHANNELS;
import static org.cam4j.testing.TestNetworks.CLASSES;
import static org.cam4j.testing.TestNetworks.HEIGHT;
import static org.cam4j.testing.TestNetworks.WIDTH;
import static org.cam4j.testing.TestNetworks.averagePooling;
import static org.cam4j.testing.TestNetworks.build;
import static org.cam4j.testing.TestNetworks.convolution;
import static org.cam4j.testing.TestNetworks.dense;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoReader;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ClassActivationMapperTest {

    private static final Labels NAMES = Labels.of("panda", "fox", "bear", "wolf", "lion");

    private static MapperBuilder builder(ComputationGraph graph) {
        return ClassActivationMapper.of(graph)
                .inputSize(HEIGHT, WIDTH)
                .preprocessing(Preprocessing.TF)
                .labels(NAMES);
    }

    private static ClassActivationMapper mapper() {
        return builder(TestNetworks.gap(CNN2DFormat.NHWC)).build();
    }

    private static BufferedImage photo(int width, int height, long seed) {
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                photo.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return photo;
    }

    // ---- promise 1: the identity ----

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void theMeanOfARawMapAndTheBiasAreTheLogit(CNN2DFormat format) {
        try (ClassActivationMapper mapper = builder(TestNetworks.gap(format)).build()) {
            Explanation explanation = mapper.explain(photo(40, 30, 1));
            for (int c = 0; c < CLASSES; c++) {
                double mean = mapper.denseBias().getDouble(c);
                for (float value : explanation.map(c).toArray()) {
                    mean += value / 30.0;
                }
                assertThat(mean).isCloseTo(explanation.prediction(c).logit(), within(1e-5));
            }
        }
    }

    @Test
    void aPoolingThatMissesPartOfTheMapLeavesTheRestOfTheMapAtZero() {
        // 6x5 maps, of which a 5x5 window with stride 6 sees all but one row.
        ComputationGraph graph = build(CNN2DFormat.NCHW, head -> head.addLayer(
                        "pool",
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                                .kernelSize(5, 5)
                                .stride(6, 6)
                                .convolutionMode(org.deeplearning4j.nn.conf.ConvolutionMode.Truncate)
                                .build(),
                        "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "pool")
                .setOutputs("predictions"));

        try (ClassActivationMapper mapper = builder(graph).build()) {
            ActivationMap map = mapper.explain(photo(50, 21, 4)).map("wolf");

            assertAddsUp(map);
            for (int x = 0; x < map.width(); x++) {
                assertThat(map.at(5, x)).isZero();
            }
        }
    }

    private static void assertAddsUp(ActivationMap map) {
        double sum = 0;
        for (float value : map.toArray()) {
            sum += value;
        }
        assertThat(sum / map.toArray().length + map.bias())
                .isCloseTo(map.prediction().logit(), within(1e-4));
    }

    @Test
    void aPoolingThatLeavesSeveralValuesAChannelWeighsEachPartByItself() {
        ComputationGraph graph = build(CNN2DFormat.NCHW, head -> head.addLayer(
                        "pool",
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                                .kernelSize(3, 5)
                                .stride(3, 5)
                                .build(),
                        "conv3")
                .addLayer("predictions", dense(2 * CHANNELS, Activation.SOFTMAX), "pool")
                .setOutputs("predictions"));

        try (ClassActivationMapper mapper = builder(graph).build()) {
            assertAddsUp(mapper.explain(photo(50, 21, 4)).map("wolf"));
        }
    }

    @Test
    void weightsThatAreNotFiniteAreRefused() {
        ComputationGraph graph = TestNetworks.gap(CNN2DFormat.NHWC);
        graph.getParam("predictions_W").putScalar(0, 0, Float.NaN);

        assertThatThrownBy(() -> builder(graph).build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("not finite");
    }

    // ---- promise 2: raw stays raw ----

    @Test
    void mapsAreTheWeightedSumAndNothingElse() {
        try (ClassActivationMapper mapper = mapper()) {
            INDArray images = Nd4j.rand(DataType.FLOAT, 2, HEIGHT, WIDTH, 3);
            INDArray features = mapper.convActivations(images);
            INDArray maps = mapper.maps(images, 3, 0);

            INDArray expected = features.reshape('c', 60, CHANNELS).mmul(mapper.denseWeights());

            assertThat(features.shape()).containsExactly(2, 6, 5, CHANNELS);
            assertThat(maps.shape()).containsExactly(2, 2, 6, 5);
            for (int n = 0; n < 2; n++) {
                for (int cell = 0; cell < 30; cell++) {
                    assertThat(maps.getDouble(n, 0, cell / 5, cell % 5))
                            .isCloseTo(expected.getDouble(n * 30 + cell, 3), within(1e-5));
                    assertThat(maps.getDouble(n, 1, cell / 5, cell % 5))
                            .isCloseTo(expected.getDouble(n * 30 + cell, 0), within(1e-5));
                }
            }
            assertThat(maps.minNumber().doubleValue()).isNegative();
        }
    }

    @Test
    void predictionsAreTheGraphsOwnProbabilities() {
        ComputationGraph graph = TestNetworks.gap(CNN2DFormat.NHWC);
        try (ClassActivationMapper mapper = builder(graph).build()) {
            BufferedImage photo = photo(31, 17, 3);
            Explanation explanation = mapper.explain(photo);
            float[] input = mapper.preparation().orElseThrow().prepare(photo).values();
            INDArray expected = graph.output(Nd4j.createFromArray(input).reshape(1, HEIGHT, WIDTH, 3))[0];

            double sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                assertThat(explanation.prediction(c).probability()).isCloseTo(expected.getDouble(0, c), within(1e-6));
                assertThat(explanation.prediction(c).label()).isEqualTo(NAMES.get(c));
                sum += explanation.prediction(c).probability();
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
            assertThat(explanation.predictions(CLASSES))
                    .extracting(Prediction::logit)
                    .isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(explanation.prediction())
                    .isEqualTo(explanation.predictions(1).get(0));
            assertThat(explanation.map().prediction()).isEqualTo(explanation.prediction());
        }
    }

    // ---- promise 3: coordinates come back ----

    @ParameterizedTest
    @EnumSource(Fit.class)
    void mapsComeBackInThePhotosOwnPixels(Fit fit) {
        try (ClassActivationMapper mapper = builder(TestNetworks.gap(CNN2DFormat.NHWC))
                .resize(fit == Fit.EXACT_CENTER_CROP ? Interpolation.LANCZOS : Interpolation.BILINEAR)
                .fit(fit)
                .build()) {
            Explanation explanation = mapper.explain(photo(50, 21, 4));

            assertThat(explanation.geometry()).isEqualTo(fit.geometry(50, 21, WIDTH, HEIGHT));
            assertThat(explanation.map("wolf").upsampled().shape()).containsExactly(21, 50);
        }
    }

    // ---- promise 4: one mapper, many threads ----

    @Test
    void eightThreadsGetTheBitsOfOne() throws Exception {
        try (ClassActivationMapper mapper = mapper()) {
            List<BufferedImage> photos = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                photos.add(photo(40 + i, 30, i));
                expected.add(bits(mapper.explain(photos.get(i))));
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Callable<float[]>> calls = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                BufferedImage photo = photos.get(i % 16);
                calls.add(() -> bits(mapper.explain(photo)));
            }
            List<Future<float[]>> results = threads.invokeAll(calls);
            threads.shutdown();

            for (int i = 0; i < 400; i++) {
                assertThat(results.get(i).get()).containsExactly(expected.get(i % 16));
            }
        }
    }

    /** Logits and all maps. */
    private static float[] bits(Explanation explanation) {
        List<Float> bits = new ArrayList<>();
        for (int c = 0; c < CLASSES; c++) {
            bits.add((float) explanation.prediction(c).logit());
            for (float value : explanation.map(c).toArray()) {
                bits.add(value);
            }
        }
        float[] array = new float[bits.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = bits.get(i);
        }
        return array;
    }

    @Test
    void memoryStaysFlatOverTwoThousandExplanations() {
        try (ClassActivationMapper mapper = builder(TestNetworks.gap(CNN2DFormat.NHWC))
                .inputSize(4 * HEIGHT, 4 * WIDTH)
                .build()) {
            BufferedImage photo = photo(64, 48, 1);
            explain(mapper, photo, 1500);
            long nativeBefore = settledNativeMemory();
            long heapBefore = usedHeap();

            explain(mapper, photo, 2000);

            // One leaked input (92 kB) a call would be 184 MB. The first calls fill the compiler's and malloc's own
            // memory.
            assertThat(settledNativeMemory() - nativeBefore).isLessThan(80L << 20);
            assertThat(usedHeap() - heapBefore).isLessThan(8L << 20);
        }
    }

    private static void explain(ClassActivationMapper mapper, BufferedImage photo, int times) {
        for (int i = 0; i < times; i++) {
            mapper.explain(photo).map(i % CLASSES).upsampled();
            if (i % 250 == 0) {
                // So small a photo fills the heap so slowly that ND4J's arrays would wait long for its collection.
                System.gc();
            }
        }
        System.gc();
    }

    /** Native memory once ND4J has freed what the collector found: it does so on a thread of its own. */
    private static long settledNativeMemory() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            System.gc();
            LockSupport.parkNanos(50_000_000);
            least = Math.min(least, nativeMemory());
        }
        return least;
    }

    /** Resident memory without the heap. */
    private static long nativeMemory() {
        return Pointer.physicalBytes() - Runtime.getRuntime().totalMemory();
    }

    private static long usedHeap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void everyCallOnAClosedMapperIsRefused() {
        ClassActivationMapper mapper = mapper();
        INDArray images = Nd4j.zeros(DataType.FLOAT, 1, HEIGHT, WIDTH, 3);
        mapper.close();
        mapper.close();

        List<Runnable> calls = List.of(
                () -> mapper.explain(photo(8, 8, 1)),
                () -> mapper.explain(Path.of("photo.jpg")),
                () -> mapper.explain(new byte[0]),
                () -> mapper.explain(new byte[0], "panda"),
                () -> mapper.explain(new ByteArrayInputStream(new byte[0])),
                () -> mapper.explain(List.of(photo(8, 8, 1))),
                () -> mapper.explain(photo(8, 8, 1), HEIGHT, WIDTH),
                () -> mapper.explainAll(Stream.of(Path.of("photo.jpg"))),
                () -> mapper.activations(images),
                () -> mapper.convActivations(images),
                () -> mapper.maps(images, 0),
                () -> mapper.upsample(images, 2, 2),
                mapper::denseWeights,
                mapper::denseBias,
                mapper::graph,
                mapper::labels,
                mapper::summary,
                mapper::placement,
                mapper::preparation,
                mapper::engine,
                mapper::plan,
                () -> mapper.save(Path.of("mapper.cam4j")),
                () -> mapper.saveLean(Path.of("mapper.cam4j")));
        for (Runnable call : calls) {
            assertThatIllegalStateException().isThrownBy(call::run).withMessageContaining("closed");
        }
    }

    @Test
    void openingAndClosingLeavesNoNativeMemoryBehind() {
        ComputationGraph graph = build(CNN2DFormat.NHWC, head -> head.addLayer(
                        "wide", TestNetworks.convolution(3, CHANNELS, 4096, CNN2DFormat.NHWC, Activation.RELU), "conv3")
                .addLayer("gap", averagePooling(), "wide")
                .addLayer("predictions", dense(4096, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        for (int i = 0; i < 10; i++) {
            builder(graph).build().close();
        }
        long before = settledNativeMemory();
        for (int i = 0; i < 200; i++) {
            builder(graph).build().close();
            if (i % 20 == 0) {
                // ND4J's arrays wait for the collector; what malloc once had for them it keeps.
                System.gc();
            }
        }

        // The weights alone are 1.2 MB each time.
        assertThat(settledNativeMemory() - before).isLessThan(100L << 20);
    }

    // ---- promise 5: all classes from one pass ----

    @Test
    void mapOfAnyClassNeedsNoSecondForwardPass() {
        ClassActivationMapper mapper = mapper();
        Explanation explanation = mapper.explain(photo(40, 30, 1));
        float[] before = explanation.map("lion").toArray();

        mapper.close();

        assertThat(explanation.map("lion").toArray()).containsExactly(before);
        assertThat(explanation.map(4).toArray()).containsExactly(before);
    }

    // ---- promise 6: clear refusals ----

    @Test
    void refusesClassesThatDoNotExist() {
        try (ClassActivationMapper mapper = mapper()) {
            Explanation explanation = mapper.explain(photo(8, 8, 1));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> explanation.map(5))
                    .withMessageContainingAll("class 5 is out of range", "0 to 4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> explanation.map("zebra"))
                    .withMessageContaining("no class is called 'zebra'");
            assertThatIllegalArgumentException().isThrownBy(() -> explanation.predictions(0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mapper.maps(Nd4j.zeros(DataType.FLOAT, 1, HEIGHT, WIDTH, 3), -1))
                    .withMessageContainingAll("class -1 is out of range", "0 to 4");
        }
    }

    @Test
    void refusesArraysOfAnotherShape() {
        try (ClassActivationMapper mapper = mapper()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mapper.convActivations(Nd4j.zeros(DataType.FLOAT, 2, HEIGHT, WIDTH, 1)))
                    .withMessageContainingAll("[2, 24, 20, 1]", "expected [n, 24, 20, 3]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mapper.convActivations(Nd4j.zeros(DataType.FLOAT, 3, HEIGHT, WIDTH)))
                    .withMessageContaining("[3, 24, 20]");
        }
    }

    @Test
    void refusesLabelsThatAreNotAsManyAsTheClasses() {
        MapperBuilder builder = builder(TestNetworks.gap(CNN2DFormat.NHWC)).labels(Labels.of("panda", "fox"));

        assertThatThrownBy(builder::build)
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("2 labels", "5 classes", "'predictions'");
    }

    @Test
    void refusesAGraphWhoseInputSizeIsNotSet() {
        assertThatIllegalStateException()
                .isThrownBy(() -> ClassActivationMapper.of(TestNetworks.gap(CNN2DFormat.NHWC))
                        .build())
                .withMessageContaining("inputSize(height, width)");
    }

    @Test
    void refusesAGraphWhoseLayersDoNotFitEachOther() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .addLayer("conv1", convolution(3, 3, 4, CNN2DFormat.NHWC, Activation.RELU), "image")
                .addLayer("conv2", convolution(3, 5, CHANNELS, CNN2DFormat.NHWC, Activation.RELU), "conv1")
                .addLayer("gap", averagePooling(), "conv2")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions")
                .build());
        graph.init();

        assertThatThrownBy(() -> builder(graph).build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("the network fails on an image of " + HEIGHT + "x" + WIDTH + "x3: ")
                .hasMessageContaining("conv2")
                .hasMessageContaining("mend the graph");
    }

    @Test
    void refusesPhotosWhilePreprocessingIsUnknownButTakesArrays() {
        try (ClassActivationMapper mapper = ClassActivationMapper.of(TestNetworks.gap(CNN2DFormat.NHWC))
                .inputSize(HEIGHT, WIDTH)
                .build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> mapper.explain(photo(8, 8, 1)))
                    .withMessageStartingWith(
                            "the preprocessing of photos is not set for 'DL4J graph': give the preprocessing")
                    .withMessageContaining("preprocessing(Preprocessing.CAFFE)");
            assertThatIllegalStateException()
                    .isThrownBy(() -> mapper.explainAll(Stream.empty()))
                    .withMessageStartingWith("the preprocessing of photos is not set");
            assertThat(mapper.maps(Nd4j.zeros(DataType.FLOAT, 1, HEIGHT, WIDTH, 3), 0)
                            .shape())
                    .containsExactly(1, 1, 6, 5);
            assertThat(mapper.labels().get(4)).isEqualTo("class 4");
        }
    }

    @Test
    void refusesPhotosThatAreTooLargeOrNoPictures(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("photo.jpg"), "not a picture");
        try (ClassActivationMapper mapper =
                builder(TestNetworks.gap(CNN2DFormat.NHWC)).maxPixels(100).build()) {
            assertThatThrownBy(() -> mapper.explain(text))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("photo.jpg");
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(photo(11, 10, 1), "png", png);
            assertThatThrownBy(() -> mapper.explain(png.toByteArray()))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("100");
        }
    }

    // ---- what else people would expect ----

    @Test
    void filesStreamsBytesAndPicturesGiveTheSame(@TempDir Path folder) throws IOException {
        BufferedImage photo = photo(33, 21, 9);
        Path file = folder.resolve("fox.png");
        ImageIO.write(photo, "png", file.toFile());
        byte[] bytes = Files.readAllBytes(file);
        try (ClassActivationMapper mapper = mapper()) {
            Explanation fromFile = mapper.explain(file);

            assertThat(fromFile.name()).isEqualTo("fox.png");
            assertThat(fromFile).hasToString("fox.png: " + fromFile.prediction());
            for (Explanation other : List.of(
                    mapper.explain(bytes), mapper.explain(new ByteArrayInputStream(bytes)), mapper.explain(photo))) {
                assertThat(bits(other)).containsExactly(bits(fromFile));
            }
        }
    }

    @Test
    void aBatchGivesWhatSinglePhotosGive() {
        try (ClassActivationMapper mapper = mapper()) {
            List<BufferedImage> photos = List.of(photo(40, 30, 1), photo(17, 55, 2), photo(20, 24, 3));

            List<Explanation> batch = mapper.explain(photos);

            assertThat(batch).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(bits(batch.get(i))).containsExactly(bits(mapper.explain(photos.get(i))), within(1e-5f));
                assertThat(batch.get(i).photo()).isSameAs(photos.get(i));
            }
            assertThat(mapper.explain(List.of())).isEmpty();
        }
    }

    @Test
    void trainingTheGraphFurtherDoesNotChangeTheMapper() {
        ComputationGraph graph = TestNetworks.gap(CNN2DFormat.NHWC);
        try (ClassActivationMapper mapper = builder(graph).build()) {
            float[] before = bits(mapper.explain(photo(40, 30, 1)));

            graph.params().muli(3);

            assertThat(bits(mapper.explain(photo(40, 30, 1)))).containsExactly(before);
            assertThat(mapper.graph()).isSameAs(graph);
        }
    }

    @Test
    void explanationsSayWhatMadeThem() {
        try (ClassActivationMapper mapper = mapper()) {
            Provenance provenance = mapper.explain(photo(40, 30, 1)).provenance();

            assertThat(provenance.model()).isEqualTo("DL4J graph");
            assertThat(provenance.modelSha256()).isEmpty();
            assertThat(provenance.engine()).isEqualTo(mapper.engine()).matches("(oneDNN|ND4J|DL4J) .*");
            assertThat(provenance.preparation()).startsWith("24x20x3, squashed, bilinear");
            assertThat(provenance.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        }
    }

    @Test
    void photosWithoutAFileAreCalledByTheNameThatTheyAreGiven(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(photo(40, 30, 1), "png", png);
        byte[] bytes = png.toByteArray();
        try (ClassActivationMapper mapper = mapper()) {
            List<Explanation> named = List.of(
                    mapper.explain(bytes, "panda"),
                    mapper.explain(new ByteArrayInputStream(bytes), "panda"),
                    mapper.explain(photo(40, 30, 1), "panda"),
                    mapper.explain(PhotoReader.standard().decode(bytes, "panda.png"), "panda"),
                    mapper.explain(photo(40, 30, 1), "panda", HEIGHT, WIDTH));
            List<Explanation> unnamed = List.of(
                    mapper.explain(bytes),
                    mapper.explain(new ByteArrayInputStream(bytes)),
                    mapper.explain(photo(40, 30, 1)),
                    mapper.explain(photo(40, 30, 1), HEIGHT, WIDTH),
                    mapper.explain(List.of(photo(40, 30, 1))).get(0));

            assertThat(named).extracting(Explanation::name).containsOnly("panda");
            assertThat(unnamed).extracting(Explanation::name).containsOnly("image");
            assertThat(named).extracting(explanation -> bits(explanation)).containsOnly(bits(unnamed.get(0)));
            assertThat(named.get(0)).asString().startsWith("panda: ");

            named.get(0).save(folder.resolve("saved.npz"));
            assertThat(Explanation.load(folder.resolve("saved.npz")).name()).isEqualTo("panda");
        }
    }

    @Test
    void photosThatCannotBeReadAreRefusedByTheirNames() {
        byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
        try (ClassActivationMapper mapper = mapper()) {
            assertThatThrownBy(() -> mapper.explain(text, "panda"))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageStartingWith("photo 'panda' is not a picture");
            assertThatThrownBy(() -> mapper.explain(new ByteArrayInputStream(text), "panda"))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageStartingWith("photo 'panda' is not a picture");
            assertThatNullPointerException()
                    .isThrownBy(() -> mapper.explain(photo(8, 8, 1), null))
                    .withMessage("name");
        }
    }

    @Test
    void manyPhotosGiveWhatSinglePhotosGive(@TempDir Path folder) throws IOException {
        List<Path> photos = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Path file = folder.resolve("photo" + i + ".png");
            ImageIO.write(photo(40 + i, 30, i), "png", file.toFile());
            photos.add(file);
        }
        photos.add(4, Files.writeString(folder.resolve("broken.png"), "no picture"));
        try (ClassActivationMapper mapper = mapper();
                Stream<PhotoResult> results = mapper.explainAll(photos.stream())) {
            List<PhotoResult> all = results.toList();

            assertThat(all.stream().map(PhotoResult::photo)).containsExactlyElementsOf(photos);
            for (PhotoResult result : all) {
                if (result instanceof PhotoResult.Explained explained) {
                    assertThat(explained.explanation().name())
                            .isEqualTo(explained.photo().getFileName().toString());
                    assertThat(bits(explained.explanation())).containsExactly(bits(mapper.explain(explained.photo())));
                } else if (result instanceof PhotoResult.Failed failed) {
                    assertThat(failed.photo()).hasFileName("broken.png");
                    assertThat(failed.reason()).isInstanceOf(PhotoException.class);
                }
            }
            assertThat(all.get(4)).isInstanceOf(PhotoResult.Failed.class);
        }
    }

    @Test
    void explanationsAreSavedAndReadBack(@TempDir Path folder) {
        try (ClassActivationMapper mapper = mapper()) {
            Explanation explanation = mapper.explain(photo(40, 30, 1));

            explanation.save(folder.resolve("panda.npz"));
            Explanation loaded = Explanation.load(folder.resolve("panda.npz"));

            assertThat(bits(loaded)).containsExactly(bits(explanation));
            assertThat(loaded.provenance()).isEqualTo(explanation.provenance());
            assertThat(loaded.predictions(CLASSES)).isEqualTo(explanation.predictions(CLASSES));
        }
    }

    @Test
    void sigmoidHeadsScoreEachClassByItself() {
        ComputationGraph graph = build(CNN2DFormat.NHWC, head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SIGMOID), "gap")
                .setOutputs("predictions"));
        try (ClassActivationMapper mapper = builder(graph).build()) {
            Prediction prediction = mapper.explain(photo(40, 30, 1)).prediction(2);

            assertThat(prediction.probability()).isCloseTo(1 / (1 + Math.exp(-prediction.logit())), within(1e-9));
        }
    }
}
