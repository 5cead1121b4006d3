package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.cam4j.exception.ModelFileException;
import org.cam4j.explain.GradCam;
import org.cam4j.testing.Golden;
import org.cam4j.testing.TestNetworks;
import org.cam4j.training.export.KerasExport;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights of Keras files stay in the file, and are read when an engine packs them: at the start, and for the way back of a method. */
class KerasWeightsInFileTest {

    private static final String NAME = "mini_gap";
    private static final String WRITTEN_OVER = "was written over after it was opened";
    private static final int WIDTH = 2048;
    private static final int LAYERS = 5;

    @TempDir
    Path folder;

    /** Copies a file that Keras wrote. */
    private Path copy(String kind) throws IOException {
        Path copy = Files.copy(Golden.of(NAME, kind).model(), folder.resolve("model." + kind));
        // Long ago: a file system may round times to seconds.
        Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000_000_000L));
        return copy;
    }

    private static Explanation explanation(ClassActivationMapper mapper) {
        return explanation(mapper, NAME, "k2.h5");
    }

    private static Explanation explanation(ClassActivationMapper mapper, String name, String kind) {
        INDArray image = Golden.of(name, kind).x();
        return mapper.explain(InputTensor.of(
                        image.slice(0).dup('c').data().asFloat(), (int) image.size(1), (int) image.size(2), (int)
                                image.size(3)))
                .get(0);
    }

    /** Reads the weights of the layers behind the first one for a way back. */
    private static float[] gradCam(ClassActivationMapper mapper, Explanation explanation) {
        return explanation
                .map(
                        explanation.prediction().index(),
                        GradCam.at(mapper.layers().get(0)))
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2.h5", "k3.h5", "k3.keras"})
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be written over.
    void aFileThatIsWrittenOverIsReadNoMore(String kind) throws IOException {
        Path file = copy(kind);
        MapperBuilder builder = ClassActivationMapper.from(file);
        try (ClassActivationMapper mapper = builder.build()) {
            float[] before = explanation(mapper).map().toArray();
            byte[] other = Files.readAllBytes(file);
            Arrays.fill(other, other.length / 2, other.length / 2 + 64, (byte) 0);
            Files.write(file, other);

            Explanation explanation = explanation(mapper);
            assertThat(explanation.map().toArray()).isEqualTo(before);
            assertThatThrownBy(() -> gradCam(mapper, explanation))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(WRITTEN_OVER);
        }
        assertThatThrownBy(builder::build)
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(WRITTEN_OVER);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be shortened.
    void aFileThatIsShortenedIsReadNoMore() throws IOException {
        Path file = copy("k2.h5");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            Explanation explanation = explanation(mapper);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }

            assertThatThrownBy(() -> gradCam(mapper, explanation))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining(WRITTEN_OVER);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be replaced.
    void aFileThatIsReplacedOrRemovedKeepsItsBytes() throws IOException {
        Path file = copy("k2.h5");
        float[] expected;
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            expected = gradCam(mapper, explanation(mapper));
        }
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            Path other = Files.writeString(folder.resolve("other"), "another model");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

            assertThat(gradCam(mapper, explanation(mapper))).isEqualTo(expected);
        }
        Files.delete(file);
        copy("k2.h5");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            Files.delete(file);

            assertThat(gradCam(mapper, explanation(mapper))).isEqualTo(expected);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // There a mapped file cannot be written over.
    void aGraphThatIsKeptDoesNotNeedTheFile() throws IOException {
        Path file = copy("k2.h5");
        MapperBuilder builder = ClassActivationMapper.from(file).keepGraph();
        float[] expected;
        try (ClassActivationMapper mapper = builder.build()) {
            expected = gradCam(mapper, explanation(mapper));
        }
        Files.write(file, new byte[(int) Files.size(file)]);
        try (ClassActivationMapper mapper = builder.build()) {
            assertThat(gradCam(mapper, explanation(mapper))).isEqualTo(expected);
        }
    }

    @Test
    void bytesAreNotNeededAfterTheyAreRead() throws IOException {
        byte[] bytes = Files.readAllBytes(copy("k2.h5"));
        MapperBuilder builder = ClassActivationMapper.from(bytes);
        Arrays.fill(bytes, (byte) 0);
        try (ClassActivationMapper mapper = builder.build();
                ClassActivationMapper other = ClassActivationMapper.from(folder.resolve("model.k2.h5"))
                        .build()) {
            assertThat(gradCam(mapper, explanation(mapper))).isEqualTo(gradCam(other, explanation(other)));
        }
    }

    /** Convolutions of each kind, heads of each kind, half precision; a DL4J graph holds the weights of a model from bytes. */
    @ParameterizedTest
    @CsvSource({
        "mini_gap, k2.h5",
        "mini_gap, k3.keras",
        "mini_sepdm2, k2.h5",
        "mini_dwdm2, k3.keras",
        "mini_groups, k2.h5",
        "mini_float16, k2.h5",
        "mini_mixed16, k3.h5",
        "nested_vgg, k2.h5"
    })
    void mapsAreTheSameWhereverTheWeightsAre(String name, String kind) throws IOException {
        Path file = Golden.of(name, kind).model();
        try (ClassActivationMapper mapped = ClassActivationMapper.from(file).build();
                ClassActivationMapper inMemory =
                        ClassActivationMapper.from(Files.readAllBytes(file)).build()) {
            Explanation found = explanation(mapped, name, kind);
            Explanation expected = explanation(inMemory, name, kind);

            assertThat(found.map().toArray()).isEqualTo(expected.map().toArray());
            assertThat(found.prediction()).isEqualTo(expected.prediction());
            assertThat(gradCam(mapped, found)).isEqualTo(gradCam(inMemory, expected));
        }
    }

    @Test
    void aModelMayBeLargerThanTheHeap() throws Exception {
        Path file = folder.resolve("large.h5");
        KerasExport.write(large(), TestNetworks.HEIGHT, TestNetworks.WIDTH, file);
        assertThat(Files.size(file)).isGreaterThan(80 << 20);

        assertThat(predictionInSmallHeap(file)).isEqualTo(Small.prediction(file));
    }

    /** A classifier of 84 MB. */
    private static ComputationGraph large() {
        return TestNetworks.build(CNN2DFormat.NHWC, head -> {
            String last = "conv3";
            for (int layer = 0; layer <= LAYERS; layer++) {
                ConvolutionLayer wide = TestNetworks.convolution(
                        1, layer == 0 ? TestNetworks.CHANNELS : WIDTH, WIDTH, CNN2DFormat.NHWC, Activation.RELU);
                head.addLayer("wide" + layer, wide, last);
                last = "wide" + layer;
            }
            return head.addLayer("gap", TestNetworks.averagePooling(), last)
                    .addLayer("predictions", TestNetworks.dense(WIDTH, Activation.SOFTMAX), "gap")
                    .setOutputs("predictions");
        });
    }

    private static String predictionInSmallHeap(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Dorg.bytedeco.javacpp.maxBytes=1g",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Small.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().reduce((before, last) -> last).orElseThrow();
    }

    /** Explains an image in a JVM of its own. */
    static final class Small {

        private Small() {}

        public static void main(String[] arguments) {
            System.out.println(prediction(Path.of(arguments[0])));
        }

        static String prediction(Path file) {
            try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
                float[] ones = new float[TestNetworks.HEIGHT * TestNetworks.WIDTH * 3];
                Arrays.fill(ones, 1);
                return String.valueOf(mapper.explain(InputTensor.of(ones, TestNetworks.HEIGHT, TestNetworks.WIDTH, 3))
                        .get(0)
                        .prediction());
            }
        }
    }
}
