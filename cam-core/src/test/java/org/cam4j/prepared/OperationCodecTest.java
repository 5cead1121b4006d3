package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.image.ChannelOrder;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of every operation, put together by hand: whatever classes and constants are called, they stay these. */
class OperationCodecTest {

    private static final Padding SIDES = new Padding(1, 2, 3, 4);
    private static final String SIDES_BYTES = "01000000" + "02000000" + "03000000" + "04000000";
    private static final Window WINDOW = new Window(5, 6, 7, 8, 1, 1, SIDES);
    private static final String WINDOW_BYTES =
            "05000000" + "06000000" + "07000000" + "08000000" + "01000000" + "01000000" + SIDES_BYTES;
    private static final String RELU6_BYTES = "02" + "00000000" + "0000c040";
    private static final String IDENTITY_BYTES = "00" + "00000000" + "00000000";
    private static final String ONE = "0000803f";
    private static final String TWO = "00000040";

    private static Arguments of(Operation operation, String... fields) {
        return Arguments.of(operation, String.join("", fields));
    }

    static Stream<Arguments> operations() {
        float[] pair = {1, 2};
        String pairBytes = "02000000" + ONE + TWO;
        return Stream.of(
                of(new Activate(Activation.RELU6), "01", RELU6_BYTES),
                of(new Concatenate(2), "02", "02000000"),
                of(
                        new Convolution(
                                new Window(1, 1, 2, 3, 4, 5, SIDES), 2, 2, 2, pair, pair, true, Activation.RELU6),
                        "03",
                        "01000000" + "01000000" + "02000000" + "03000000" + "04000000" + "05000000" + SIDES_BYTES,
                        "02000000" + "02000000" + "02000000",
                        // Two weights, at the beginning of their section.
                        "02000000" + "0000000000000000",
                        pairBytes + "01",
                        RELU6_BYTES),
                of(new Crop(SIDES), "04", SIDES_BYTES),
                of(
                        Dense.of(pair, new float[] {1}, Activation.IDENTITY),
                        "05",
                        "02000000" + "01000000",
                        "02000000" + "0000000000000000",
                        "01000000" + ONE,
                        IDENTITY_BYTES),
                of(new Elementwise(Elementwise.Kind.MULTIPLY, Activation.RELU6), "06", "02", RELU6_BYTES),
                of(new GlobalPooling(Pooling.Kind.AVERAGE), "07", "01"),
                of(new InsertZeros(2, 3), "08", "02000000" + "03000000"),
                of(new LayerNormalize(1, pair, new float[] {2, 1}), "09", ONE, pairBytes, "02000000" + TWO + ONE),
                of(new MatMul(true), "0a", "01"),
                of(new Pad(SIDES), "0b", SIDES_BYTES),
                of(new ParametricRelu(pair), "0c", pairBytes),
                of(new Pooling(Pooling.Kind.MAXIMUM, WINDOW), "0d", "00", WINDOW_BYTES),
                of(new Reshape(new Shape(7, 9)), "0e", "02" + "07000000" + "09000000"),
                of(new Resize(9, 8, Resize.Interpolation.BILINEAR), "0f", "09000000" + "08000000", "01"),
                of(
                        new ScaleShift(pair, new float[] {2, 1}, Activation.IDENTITY),
                        "10",
                        pairBytes,
                        "02000000" + TWO + ONE,
                        IDENTITY_BYTES),
                of(new Slice(1, 2, 3), "11", "01000000" + "02000000" + "03000000"),
                of(new Softmax(), "12"),
                of(Transpose.of(1, 0, 2), "13", "03000000" + "01000000" + "00000000" + "02000000"));
    }

    private static byte[] written(Operation operation, Optional<Blocks<WeightArray>> places) {
        return operation.accept(new OperationWriter(new FieldWriter(), places)).toBytes();
    }

    private static Operation read(byte[] bytes, boolean isLean) {
        FieldReader from = new FieldReader(ByteBuffer.wrap(bytes));
        OperationReader.Source source = new OperationReader.Source() {
            @Override
            public WeightArray weights(long offset, int length) {
                return WeightArray.readBy(length, () -> new float[] {offset, length});
            }

            @Override
            public WeightArray leftOut(int length) {
                return WeightArray.readBy(length, () -> new float[] {-1, length});
            }
        };
        Operation operation = new OperationReader(from, isLean, source).operation();
        from.end();
        return operation;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationIsTheseBytes(Operation operation, String expected) {
        byte[] bytes = written(operation, Optional.of(new Blocks<>()));

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
        assertThat(read(bytes, false))
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(WeightArray.class)
                .isEqualTo(operation);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyCutIsRefused(Operation operation, String expected) {
        byte[] whole = HexFormat.of().parseHex(expected);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException()
                    .as("%s of %d bytes", operation.describe(), length)
                    .isThrownBy(() -> read(cut, false));
        }
    }

    @Test
    void theBytesOfNoOperationAreLeftToChance() {
        List<Class<?>> all = new ArrayList<>();
        collect(Operation.class, all);

        List<Class<?>> pinned = new ArrayList<>();
        operations().forEach(arguments -> pinned.add(arguments.get()[0].getClass()));
        pinned.addAll(List.of(External.class, ActivationGradient.class, PoolingGradient.class));
        assertThat(pinned).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void whatOnlyOneEngineRunsIsNotWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written(new External("a layer", new Shape(1), false), Optional.empty()))
                .withMessageContaining("cannot hold external (a layer)");
    }

    @Test
    void theWayBackIsNotWritten() {
        Operation gradient = new ActivationGradient(Activation.RELU, Gates.HELD);
        Operation pooling = new PoolingGradient(Pooling.Kind.AVERAGE, Window.of(2, 2), new Shape(2, 2, 1));

        for (Operation operation : List.of(gradient, pooling)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> written(operation, Optional.empty()))
                    .withMessageContaining("holds the way forward");
        }
    }

    private static void collect(Class<?> sealed, List<Class<?>> leaves) {
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                collect(permitted, leaves);
            } else {
                leaves.add(permitted);
            }
        }
    }

    @Test
    void everyMentionOfWeightsHasAPlaceOfItsOwnOnAMultipleOf64Bytes() {
        WeightArray weights = WeightArray.of(new float[2]);
        Dense dense = new Dense(2, 1, weights, new float[1], Activation.IDENTITY);
        Blocks<WeightArray> places = new Blocks<>();
        written(dense, Optional.of(places));

        Dense second = (Dense) read(written(dense, Optional.of(places)), false);

        assertThat(second.weights().values()).containsExactly(64, 2);
        assertThat(places.placed()).extracting(Blocks.Placed::content).containsExactly(weights, weights);
        assertThat(places.placed()).extracting(Blocks.Placed::offset).containsExactly(0L, 64L);
    }

    @Test
    void aLeanFileSaysHowManyWeightsThereAreAndNotWhere() {
        Dense dense = Dense.of(new float[2], new float[1], Activation.IDENTITY);

        byte[] bytes = written(dense, Optional.empty());

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("05" + "02000000" + "01000000" + "02000000" + "01000000" + "00000000" + IDENTITY_BYTES);
        assertThat(((Dense) read(bytes, true)).weights().values()).containsExactly(-1, 2);
    }

    @Test
    void constantsAreTheseNumbers() {
        assertThat(Stream.of(Activation.Function.values()).map(ConstantNumbers::of))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
        assertThat(ConstantNumbers.of(Activation.Function.RELU)).isEqualTo(1);
        assertThat(ConstantNumbers.of(Activation.Function.SWISH)).isEqualTo(7);
        assertThat(ConstantNumbers.of(Activation.Function.POWER)).isEqualTo(17);
        assertThat(ConstantNumbers.of(Elementwise.Kind.ADD)).isZero();
        assertThat(Stream.of(Elementwise.Kind.values()).map(ConstantNumbers::of))
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(ConstantNumbers.of(Pooling.Kind.MAXIMUM)).isZero();
        assertThat(ConstantNumbers.of(Pooling.Kind.AVERAGE)).isEqualTo(1);
        assertThat(ConstantNumbers.of(Resize.Interpolation.NEAREST)).isZero();
        assertThat(ConstantNumbers.of(Resize.Interpolation.BILINEAR)).isEqualTo(1);
        assertThat(ConstantNumbers.of(Interpolation.NEAREST)).isZero();
        assertThat(ConstantNumbers.of(Interpolation.BILINEAR)).isEqualTo(1);
        assertThat(ConstantNumbers.of(Fit.SQUASH)).isZero();
        assertThat(ConstantNumbers.of(Fit.CENTER_CROP)).isEqualTo(1);
        assertThat(ConstantNumbers.of(Fit.LETTERBOX)).isEqualTo(2);
        assertThat(ConstantNumbers.of(ChannelOrder.RGB)).isZero();
        assertThat(ConstantNumbers.of(ChannelOrder.BGR)).isEqualTo(1);
        assertThat(ConstantNumbers.of(ChannelOrder.GREY)).isEqualTo(2);
    }

    @Test
    void everyConstantComesBackFromItsNumber() {
        for (Activation.Function function : Activation.Function.values()) {
            assertThat(ConstantNumbers.function(ConstantNumbers.of(function))).isEqualTo(function);
        }
        for (Elementwise.Kind kind : Elementwise.Kind.values()) {
            assertThat(ConstantNumbers.elementwise(ConstantNumbers.of(kind))).isEqualTo(kind);
        }
        for (Fit fit : Fit.values()) {
            assertThat(ConstantNumbers.fit(ConstantNumbers.of(fit))).isEqualTo(fit);
        }
        for (ChannelOrder order : ChannelOrder.values()) {
            assertThat(ConstantNumbers.order(ConstantNumbers.of(order))).isEqualTo(order);
        }
    }

    @Test
    void anUnknownNumberIsRefusedInWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(new byte[] {20}, false))
                .withMessage("it holds the operation of number 20, which this version of cam4j does not know");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(HexFormat.of().parseHex("01" + "63" + "00000000" + "00000000"), false))
                .withMessage("it holds the activation of number 99, which this version of cam4j does not know");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(new byte[] {7, 2}, false))
                .withMessage("it holds the pooling of number 2, which this version of cam4j does not know");
    }

    @Test
    void anOperationThatItsOwnRulesForbidIsRefused() {
        // A crop by -1.
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        read(HexFormat.of().parseHex("04" + "ffffffff" + "00000000" + "00000000" + "00000000"), false))
                .withMessageContaining("none may be negative");
        // A value of five axes.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(
                        HexFormat.of()
                                .parseHex("0e" + "05" + "01000000" + "01000000" + "01000000" + "01000000" + "01000000"),
                        false))
                .withMessageContaining("5 axes");
    }
}
