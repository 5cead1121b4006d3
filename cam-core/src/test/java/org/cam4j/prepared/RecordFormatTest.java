package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordFormatTest {

    record Everything(
            int number,
            long large,
            float real,
            double precise,
            boolean truth,
            String text,
            Activation.Function constant,
            byte[] bytes,
            float[] floats,
            WeightArray weights,
            List<Integer> list,
            Optional<String> present,
            Optional<String> absent,
            Operation operation,
            List<Activated> operations) {}

    record Unknown(Object anything) {}

    static List<Class<?>> operations() {
        return RecordType.leaves(Operation.class);
    }

    private static Everything everything(WeightArray weights) {
        return new Everything(
                -7,
                1L << 40,
                Float.MIN_VALUE,
                Math.PI,
                true,
                "größer ≥ 1",
                Activation.Function.MISH,
                new byte[] {1, -2},
                new float[] {0.5f, Float.MAX_VALUE, -0f},
                weights,
                List.of(3, 1, 2),
                Optional.of("yes"),
                Optional.empty(),
                new Convolution(Window.of(1, 1), 2, 1, 1, weights, new float[1], true, Activation.RELU6),
                List.of(ScaleShift.uniform(2, 3, 4), ScaleShift.uniform(1, 5, 6)));
    }

    private static Everything readBack(byte[] bytes) {
        return RecordReader.read(
                Everything.class,
                ByteBuffer.wrap(bytes),
                (offset, length) -> WeightArray.readBy(length, () -> new float[] {offset, length}));
    }

    @Test
    void everyKindOfValueComesBack() {
        WeightArray weights = WeightArray.of(new float[] {8, 9});
        Blocks<WeightArray> places = new Blocks<>();

        Everything back = readBack(RecordWriter.write(everything(weights), Optional.of(places)));

        assertThat(back)
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(WeightArray.class)
                .isEqualTo(everything(weights));
        // Two mentions, each with a place of its own on a multiple of 64 bytes.
        assertThat(back.weights().values()).containsExactly(0, 2);
        assertThat(((Convolution) back.operation()).weights().values()).containsExactly(64, 2);
        assertThat(places.placed()).extracting(Blocks.Placed::content).containsExactly(weights, weights);
    }

    /** A new operation of plans passes without a change, unless it is made of something that cannot be written. */
    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationIsMadeOfWhatCanBeWritten(Class<?> operation) {
        List<String> foreign = new ArrayList<>();
        collectForeign(operation, foreign);

        assertThat(foreign).isEmpty();
    }

    private static void collectForeign(Class<?> type, List<String> foreign) {
        if (type.isSealed() && type.isInterface()) {
            RecordType.leaves(type).forEach(leaf -> collectForeign(leaf, foreign));
        } else if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                collectForeign(element(component.getGenericType()), foreign);
            }
        } else if (!type.isEnum()
                && !List.of(
                                int.class,
                                long.class,
                                float.class,
                                double.class,
                                boolean.class,
                                Integer.class,
                                Double.class,
                                String.class,
                                byte[].class,
                                float[].class,
                                Shape.class,
                                WeightArray.class)
                        .contains(type)) {
            foreign.add(type.getName());
        }
    }

    private static Class<?> element(Type type) {
        return type instanceof ParameterizedType generic
                        && (generic.getRawType() == List.class || generic.getRawType() == Optional.class)
                ? (Class<?>) generic.getActualTypeArguments()[0]
                : type instanceof Class<?> plain ? plain : Object.class;
    }

    @Test
    void whatCannotBeWrittenIsAnErrorOfOurs() {
        assertThatIllegalStateException()
                .isThrownBy(() -> RecordWriter.write(new Unknown(new Object()), Optional.empty()))
                .withMessageContaining("java.lang.Object");
    }

    @Test
    void everyCutAndEveryAppendixIsRefused() {
        byte[] whole = RecordWriter.write(everything(WeightArray.of(new float[2])), Optional.empty());

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().as("%d bytes", length).isThrownBy(() -> readBack(cut));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> readBack(Arrays.copyOf(whole, whole.length + 1)))
                .withMessageContaining("1 bytes follow where the Everything ends");
    }

    @Test
    void aRecordThatIsMadeOfOtherThingsIsRefusedByName() {
        byte[] bytes = RecordWriter.write(new Version1.Thing(1), Optional.empty());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordReader.read(
                        Version2.Thing.class, ByteBuffer.wrap(bytes), (offset, length) -> WeightArray.of(new float[0])))
                .withMessage("its Thing is made of (int size), this version of cam4j's of (int size, int more)");
    }

    interface Version1 {
        record Thing(int size) {}
    }

    interface Version2 {
        record Thing(int size, int more) {}
    }
}
