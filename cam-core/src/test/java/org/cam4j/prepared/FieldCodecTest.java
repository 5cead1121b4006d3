package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The numbers, texts and lists that every codec is made of. */
class FieldCodecTest {

    private static byte[] everything() {
        FieldWriter to = new FieldWriter();
        to.code(255).number(-7).large(1L << 40).real(Float.MIN_VALUE).precise(Math.PI);
        to.truth(true).truth(false).text("größer ≥ 1").bytes(new byte[] {1, -2});
        to.reals(new float[] {0.5f, Float.MAX_VALUE, -0f}).list(List.of(3, 1, 2), to::number);
        to.optional(Optional.of("yes"), to::text).optional(Optional.<String>empty(), to::text);
        return to.toBytes();
    }

    private static List<Object> read(byte[] bytes) {
        FieldReader from = new FieldReader(ByteBuffer.wrap(bytes));
        List<Object> read = List.of(
                from.code(),
                from.number(),
                from.large(),
                from.real(),
                from.precise(),
                from.truth(),
                from.truth(),
                from.text(),
                from.bytes(),
                from.reals(),
                from.list(from::number),
                from.optional(from::text),
                from.optional(from::text));
        from.end();
        return read;
    }

    private static String hex(FieldWriter to) {
        return HexFormat.of().formatHex(to.toBytes());
    }

    @Test
    void everyKindOfFieldComesBack() {
        assertThat(read(everything()))
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        255,
                        -7,
                        1L << 40,
                        Float.MIN_VALUE,
                        Math.PI,
                        true,
                        false,
                        "größer ≥ 1",
                        new byte[] {1, -2},
                        new float[] {0.5f, Float.MAX_VALUE, -0f},
                        List.of(3, 1, 2),
                        Optional.of("yes"),
                        Optional.empty()));
    }

    @Test
    void theLeastByteOfANumberComesFirst() {
        assertThat(hex(new FieldWriter().code(200))).isEqualTo("c8");
        assertThat(hex(new FieldWriter().number(0x01020304))).isEqualTo("04030201");
        assertThat(hex(new FieldWriter().large(0x0102030405060708L))).isEqualTo("0807060504030201");
        assertThat(hex(new FieldWriter().real(1))).isEqualTo("0000803f");
        assertThat(hex(new FieldWriter().precise(-2))).isEqualTo("00000000000000c0");
        assertThat(hex(new FieldWriter().text("é"))).isEqualTo("02000000" + "c3a9");
        assertThat(hex(new FieldWriter().reals(new float[] {1, 2}))).isEqualTo("02000000" + "0000803f" + "00000040");
    }

    @Test
    void whatIsLongerThanTheFirstBufferIsWrittenWhole() {
        float[] large = new float[100_000];
        large[99_999] = 5;

        FieldReader from = new FieldReader(
                ByteBuffer.wrap(new FieldWriter().reals(large).code(3).toBytes()));

        assertThat(from.reals()).isEqualTo(large);
        assertThat(from.code()).isEqualTo(3);
    }

    @Test
    void everyCutAndEveryAppendixIsRefused() {
        byte[] whole = everything();

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().as("%d bytes", length).isThrownBy(() -> read(cut));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
                .withMessageContaining("1 bytes follow where the model ends");
    }

    @Test
    void noCountIsBelievedThatIsBeyondWhatIsLeft() {
        for (int count : new int[] {3, 1 << 30, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            byte[] bytes = new FieldWriter().number(count).number(0).toBytes();
            FieldReader reals = new FieldReader(ByteBuffer.wrap(bytes));

            assertThatIllegalArgumentException()
                    .isThrownBy(reals::reals)
                    .withMessage("it promises " + count + " entries where 4 bytes are left");
        }
    }

    @Test
    void aTruthIsZeroOrOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FieldReader(ByteBuffer.wrap(new byte[] {2})).truth())
                .withMessage("it holds 2 where 0 or 1 belongs");
    }
}
