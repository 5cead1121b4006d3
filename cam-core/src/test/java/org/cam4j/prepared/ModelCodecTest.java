package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Packing;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.junit.jupiter.api.Test;

/** A whole model's description, its bytes put together by hand. */
class ModelCodecTest {

    private static final String TEXT_A = "01000000" + "61";

    /** Grey images of 2x3, whose average is the only logit; nothing else would be as short. */
    private static PreparedModel model() {
        InferencePlan plan = new InferencePlan(
                Map.of("image", new Shape(2, 3, 1)),
                List.of(new Step(1, "a", new GlobalPooling(Pooling.Kind.AVERAGE), List.of(0))),
                Map.of("features", 0, "logits", 1));
        return new PreparedModel(
                new ModelDescription(
                        "a", Optional.of("a"), "1.2", "a", "a", "a", "a", "none", "sigmoid", 258, List.of("a")),
                Optional.of(
                        new ImagePreparation(2, 3, 1, Preprocessing.of(1, -2), Interpolation.BILINEAR, Fit.LETTERBOX)),
                List.of("é"),
                plan,
                Optional.of(new LinearHead(new float[] {1}, new float[] {2})),
                Optional.of(new Packing(
                        "a", "a", new byte[] {7, 8}, List.of(ByteBuffer.allocate(3), ByteBuffer.allocate(5)))),
                false);
    }

    private static String text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return String.format("%02x000000", bytes.length) + HexFormat.of().formatHex(bytes);
    }

    private static String bytes() {
        return String.join(
                "",
                // Not lean; the description.
                "00",
                TEXT_A + "01" + TEXT_A + text("1.2"),
                TEXT_A + TEXT_A + TEXT_A + TEXT_A,
                text("none") + text("sigmoid") + "0201000000000000",
                "01000000" + TEXT_A,
                // The preparation: 2x3x1, grey, one scale of 1 and one offset of -2, bilinear, letterboxed.
                "01" + "02000000" + "03000000" + "01000000",
                "02" + "01000000" + "000000000000f03f" + "01000000" + "00000000000000c0",
                "01" + "02",
                // The label.
                "01000000" + "02000000" + "c3a9",
                // One input, one step, two outputs.
                "01000000" + text("image") + "03" + "02000000" + "03000000" + "01000000",
                "01000000" + "01000000" + TEXT_A + "01000000" + "00000000" + "0701",
                "02000000" + text("features") + "00000000" + text("logits") + "01000000",
                // There is a linear head.
                "01",
                "01000000" + "0000803f" + "01000000" + "00000040",
                // The packing: two blocks, of 3 bytes at 0 and 5 bytes at 64.
                "01" + TEXT_A + TEXT_A + "02000000" + "0708",
                "02000000" + "0000000000000000" + "03000000" + "4000000000000000" + "05000000");
    }

    private static PreparedModel read(byte[] bytes) {
        return ModelCodec.read(ByteBuffer.wrap(bytes), new ModelCodec.Sections() {
            @Override
            public ByteBuffer packed(long offset, int length) {
                return ByteBuffer.allocate(length);
            }

            @Override
            public WeightArray weights(long offset, int length) {
                return WeightArray.readBy(length, () -> new float[length]);
            }

            @Override
            public WeightArray leftOut(int length) {
                return weights(0, length);
            }
        });
    }

    @Test
    void aModelIsTheseBytes() {
        Blocks<ByteBuffer> packed = new Blocks<>();

        byte[] written = ModelCodec.write(model(), new Blocks<>(), packed);

        assertThat(HexFormat.of().formatHex(written)).isEqualTo(bytes());
        assertThat(packed.placed()).extracting(Blocks.Placed::offset).containsExactly(0L, 64L);
    }

    @Test
    void theseBytesAreAModel() {
        PreparedModel read = read(HexFormat.of().parseHex(bytes()));

        assertThat(read.plan().toString()).isEqualTo(model().plan().toString());
        assertThat(read).usingRecursiveComparison().ignoringFields("plan").isEqualTo(model());
    }

    @Test
    void everyCutAndEveryAppendixIsRefused() {
        byte[] whole = HexFormat.of().parseHex(bytes());

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIllegalArgumentException().as("%d bytes", length).isThrownBy(() -> read(cut));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
                .withMessageContaining("1 bytes follow where the model ends");
    }

    @Test
    void aPlanOfSeveralInputsAndOutputsComesBackInOrder() {
        Map<String, Shape> inputs = new LinkedHashMap<>();
        inputs.put("words", new Shape(4, 8));
        inputs.put("image", new Shape(2, 2, 8));
        inputs.put("attention", new Shape(2, 3, 4, 5));
        InferencePlan plan = new InferencePlan(
                inputs,
                List.of(new Step(5, "flat", new Reshape(new Shape(32)), List.of(0))),
                Map.of("flat", 5, "other", 2, "again", 5));
        FieldWriter to = new FieldWriter();
        PlanCodec.write(plan, to, Optional.empty());

        InferencePlan back = PlanCodec.read(new FieldReader(ByteBuffer.wrap(to.toBytes())), true, null);

        assertThat(back.toString()).isEqualTo(plan.toString());
        assertThat(back.inputs().keySet()).containsExactly("words", "image", "attention");
        assertThat(back.outputs()).isEqualTo(plan.outputs());
    }

    @Test
    void twoInputsOfOneNameAreRefused() {
        FieldWriter to = new FieldWriter().number(2);
        OperationWriter.shape(to.text("a"), new Shape(1));
        OperationWriter.shape(to.text("a"), new Shape(2));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanCodec.read(new FieldReader(ByteBuffer.wrap(to.toBytes())), true, null))
                .withMessageContaining("two outputs 'a'");
    }
}
