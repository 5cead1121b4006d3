package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cam4j.ClassActivationMapper;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Packing;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.Plans;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files whose every checksum is right, and which ask for what no engine may be given: each is refused in words, and leaves nothing behind. */
class HostileModelTest {

    private static final INDArray IMAGE = PlannedNetworks.images(1);

    @TempDir
    private Path folder;

    private Path written(InferencePlan plan, LinearHead head, Optional<Packing> packing) {
        Path file = folder.resolve("hostile.cam4j");
        PreparedFile.write(
                file,
                new PreparedModel(
                        new ModelDescription(
                                "m", Optional.empty(), "1", "a", "a", "a", "a", "none", "softmax", 1, List.of()),
                        Optional.empty(),
                        List.of("only"),
                        plan,
                        Optional.of(head),
                        packing,
                        false));
        return file;
    }

    private Path written(Shape input, Operation... operations) {
        PlanBuilder plan = new PlanBuilder(input);
        int value = InferencePlan.INPUT;
        for (int i = 0; i < operations.length; i++) {
            value = plan.add("step" + i, operations[i], value);
        }
        LinearHead head = new LinearHead(new float[plan.shape(value).channels()], new float[1]);
        return written(Plans.classifier(plan, value, head), head, Optional.empty());
    }

    private static Convolution convolution(Window window, float bias) {
        return new Convolution(
                window,
                1,
                1,
                1,
                new float[window.height() * window.width()],
                new float[] {bias},
                false,
                Activation.RELU);
    }

    private static void assertRefused(Path file, String... words) {
        assertThatThrownBy(() -> ClassActivationMapper.open(file))
                .isInstanceOf(CamException.class)
                .hasMessageContaining("prepared model '" + file + "'")
                .hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 1 << 24, 1 << 28})
    void bordersBeyondAnyImage(int cells) {
        assertRefused(written(new Shape(3, 3, 1), new Pad(new Padding(0, 0, cells, 0))), "'step0'", cells + " cells");
        assertRefused(
                written(new Shape(3, 3, 1), convolution(Window.of(3, 3).withPadding(new Padding(0, 0, 0, cells)), 0)),
                "'step0'",
                cells + " cells");
    }

    @Test
    void stridesAndSpacesBeyondAnyImage() {
        int huge = Integer.MAX_VALUE;
        assertRefused(
                written(new Shape(3, 3, 1), convolution(new Window(1, 1, huge, huge, 1, 1, Padding.NONE), 0)),
                "'step0'");
        assertRefused(
                written(new Shape(3, 3, 1), convolution(new Window(1, 1, 1, 1, huge, huge, Padding.NONE), 0)),
                "'step0'");
        assertRefused(written(new Shape(1, 1, 1), new InsertZeros(huge, huge)), "'step0'");
    }

    @Test
    void valuesOf2GibAndMinutesOfMultiplications() {
        Shape large = new Shape(1 << 15, 1 << 14, 1);
        Operation slow =
                new Pooling(Pooling.Kind.AVERAGE, Window.of(1024, 1024).withPadding(new Padding(512, 511, 512, 511)));

        assertRefused(written(large, new Activate(Activation.RELU)), "32768x16384x1", "2 GiB");
        assertRefused(written(new Shape(1024, 1024, 1), slow, slow, slow, slow, slow, slow, slow, slow), "multiplies");
    }

    @Test
    void thousandsOfSteps() {
        Operation[] steps = new Operation[20_000];
        Arrays.fill(steps, new Activate(Activation.SIGMOID));

        assertRefused(written(new Shape(1, 1, 1), steps), "20002 steps");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbersThatAreNotFinite(float number) {
        assertRefused(
                written(new Shape(3, 3, 1), convolution(Window.of(1, 1), number)), "'step0' has the bias " + number);
        assertRefused(
                written(new Shape(3, 3, 1), new ScaleShift(new float[] {number}, new float[1], Activation.IDENTITY)),
                "scale " + number);
    }

    // ---- packed weights ----

    private Path sound() {
        Path file = folder.resolve("sound.cam4j");
        try (ClassActivationMapper mapper = ClassActivationMapper.of(PlannedNetworks.JOINED.graph(CNN2DFormat.NHWC))
                .inputSize(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .build()) {
            mapper.save(file);
        }
        return file;
    }

    /** The same file with other words about its packed weights. */
    private Path repacked(Path sound, String name, UnaryOperator<ByteBuffer> change) {
        PreparedModel model = PreparedFile.open(sound).model();
        Packing packing = model.packing().orElseThrow();
        ByteBuffer description =
                change.apply(ByteBuffer.wrap(packing.description()).order(ByteOrder.LITTLE_ENDIAN));
        byte[] bytes = Arrays.copyOf(description.array(), description.limit());
        Path file = folder.resolve(name + ".cam4j");
        PreparedFile.write(
                file,
                new PreparedModel(
                        model.description(),
                        model.preparation(),
                        model.labels(),
                        model.plan(),
                        model.head(),
                        Optional.of(new Packing(packing.fits(), packing.summary(), bytes, packing.blocks())),
                        false));
        return file;
    }

    private static float[] logits(Path file) {
        try (ClassActivationMapper mapper = ClassActivationMapper.open(file)) {
            return mapper.activations(IMAGE).logits(0);
        }
    }

    private static ByteBuffer resized(ByteBuffer description, int more) {
        byte[] bytes = new byte[description.limit()];
        description.duplicate().position(0).get(bytes);
        return ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + more));
    }

    @Test
    void aDescriptionOfOtherBlocksIsRefused() {
        Path sound = sound();
        List<UnaryOperator<ByteBuffer>> damages = List.of(
                description -> ByteBuffer.allocate(0),
                description -> resized(description, -1),
                description -> resized(description, 1),
                description -> description.putInt(0, Integer.MAX_VALUE),
                description -> description.putInt(0, -1),
                // Of the first block's layout.
                description -> description.putInt(4 * (3 + description.getInt(0)), Integer.MAX_VALUE),
                description -> description.putInt(4 * (3 + description.getInt(0)), -1));

        for (UnaryOperator<ByteBuffer> damage : damages) {
            Path file = repacked(sound, "damaged", damage);
            assertThatThrownBy(() -> ClassActivationMapper.open(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("prepared model '" + file + "'")
                    .hasMessageContaining("description of ");
        }
    }

    /** Neither is an algorithm asked for that a convolution does not have, nor a layout given to native code that a file made up. */
    @Test
    void layoutsAndAlgorithmsThatAFileMakesUpAreNotTaken() {
        Path sound = sound();
        float[] expected = logits(sound);

        Path otherLayout = repacked(sound, "layout", description -> {
            int first = 4 * (4 + description.getInt(0));
            return description.putInt(first, Integer.MAX_VALUE).putLong(first + 8, Long.MAX_VALUE);
        });
        Path winogradEverywhere = repacked(sound, "winograd", description -> {
            int algorithms = description.getInt(0);
            ByteBuffer more = ByteBuffer.allocate(description.limit() + 4 * (100 - algorithms))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(100);
            for (int value = 0; value < 100; value++) {
                more.putInt(value);
            }
            return more.put(description.position(4 * (1 + algorithms))).flip();
        });

        assertThat(logits(otherLayout)).containsExactly(expected);
        assertThat(logits(winogradEverywhere))
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(expected);
    }
}
