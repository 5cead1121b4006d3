package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.cam4j.exception.CamException;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.testing.StoredClassifier;
import org.cam4j.onnx.translation.Translation;

/**
 * Files with some bytes changed, cut out, doubled or cut off: read, or refused in words. Two hundred in the gate; the long run gives
 * {@code -Djqwik.tries.default=20000} and allows two seconds for each.
 */
class DamagedFilesTest {

    private static final List<String> MODELS = List.of(
            "hand_shape_arithmetic",
            "hand_opset11",
            "hand_opset8_ir3",
            "hand_resizes",
            "hand_pooling",
            "hand_constants",
            "shufflenet_ts17",
            "resnet_qdq",
            "quantized_static",
            "quantized_dynamic",
            "vit_tv_dyn18",
            "mobilenetv2_fp16",
            "odd_ts17");

    private static final boolean LONG_RUN = System.getProperty("jqwik.tries.default") != null;

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("damaged");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Property(seed = "16")
    void aDamagedFileIsReadOrRefusedInWords(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = Files.readAllBytes(
                StoredClassifier.of(MODELS.get(random.nextInt(MODELS.size()))).file());
        Path file = folder.resolve("damaged.onnx");
        Files.write(file, damaged(bytes, random));
        long start = System.nanoTime();
        try {
            OnnxModel model = OnnxModel.read(file);
            Translation translation = model.translation(
                    model.inputHeight().orElse(32), model.inputWidth().orElse(32));
            assertThat(translation.plan().outputs()).isNotEmpty();
        } catch (CamException e) {
            assertThat(e).hasMessageContaining("damaged.onnx");
        }
        if (LONG_RUN) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Example
    void nodesWithoutInputsAreRefusedInWords() throws IOException {
        for (String name : MODELS) {
            ModelProto model = ModelProto.parseFrom(
                    Files.readAllBytes(StoredClassifier.of(name).file()));
            for (int i = 0; i < model.getGraph().getNodeCount(); i++) {
                ModelProto.Builder changed = model.toBuilder();
                changed.getGraphBuilder().getNodeBuilder(i).clearInput();
                Throwable refusal = catchThrowable(
                        () -> OnnxModel.read(changed.build().toByteArray()).translation(32, 32));
                if (refusal != null) {
                    assertThat(refusal)
                            .as(
                                    "%s without the inputs of %s",
                                    name, model.getGraph().getNode(i).getOpType())
                            .isInstanceOf(CamException.class);
                }
            }
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes;
        for (int i = 0, count = 1 + random.nextInt(4); i < count; i++) {
            int at = random.nextInt(damaged.length);
            int length = Math.min(damaged.length - at, 1 + random.nextInt(16));
            switch (random.nextInt(6)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) random.nextInt(256);
                case 2 -> damaged[at] = random.nextBoolean() ? (byte) 0xff : 0;
                case 3 -> damaged = without(damaged, at, length);
                case 4 -> damaged = doubled(damaged, at, length);
                default -> damaged = random.nextInt(10) == 0 ? Arrays.copyOf(damaged, at + 1) : damaged;
            }
        }
        return damaged;
    }

    private static byte[] without(byte[] bytes, int at, int length) {
        byte[] shorter = new byte[Math.max(1, bytes.length - length)];
        System.arraycopy(bytes, 0, shorter, 0, Math.min(at, shorter.length));
        if (at < shorter.length) {
            System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
        }
        return shorter;
    }

    private static byte[] doubled(byte[] bytes, int at, int length) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
    }
}
