package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.cam4j.Activations;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.PhotoException;
import org.cam4j.testing.Golden;
import org.cam4j.testing.PlannedNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sound files, damaged at random: each is refused with a sentence that names the file, or gives what the sound one gives.
 *
 * <p>{@code -Dcam4j.mutations=2000 -Dcam4j.mutations.seed=7} makes it a long run over other damages.
 */
class PreparedMutationTest {

    private static final int COUNT = Integer.getInteger("cam4j.mutations", 100);
    private static final long SEED = Long.getLong("cam4j.mutations.seed", 2016);
    private static final int[] NUMBERS = {
        0, 1, -1, 2, 7, 255, 65536, 1 << 20, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7fc00000
    };

    private static final INDArray IMAGE = PlannedNetworks.images(1);

    @TempDir
    private static Path folder;

    private static byte[] sound;
    private static Header header;
    private static float[] logits;

    @BeforeAll
    static void prepare() throws IOException {
        Path file = folder.resolve("sound.cam4j");
        try (ClassActivationMapper mapper = ClassActivationMapper.of(PlannedNetworks.JOINED.graph(CNN2DFormat.NHWC))
                .inputSize(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .build()) {
            mapper.save(file);
            logits = mapper.activations(IMAGE).logits(0);
        }
        sound = Files.readAllBytes(file);
        header = Header.decoded(Arrays.copyOf(sound, Header.BYTES), sound.length);
    }

    private static Path damaged(byte[] bytes) throws IOException {
        // A new file each time: others may still be mapped.
        Path file = Files.createTempFile(folder, "damaged", ".cam4j");
        Files.write(file, bytes);
        return file;
    }

    /** The logits, or null for a refusal. */
    private static float[] run(Path file) {
        try (ClassActivationMapper mapper = ClassActivationMapper.open(file)) {
            Activations activations = mapper.activations(IMAGE);
            return activations.logits(0);
        } catch (ModelFileException refusal) {
            assertThat(refusal).hasMessageContaining(file.toString());
            return null;
        }
    }

    @Test
    void damagedBytesAreRefusedOrOfNoConsequence() throws IOException {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = sound.clone();
            int at = random.nextInt(i % 3 == 0 ? Header.BYTES : bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            float[] result = run(damaged(bytes));
            if (result == null) {
                refused++;
            } else {
                assertThat(result).as("byte %d", at).containsExactly(logits);
            }
        }
        assertThat(refused).isGreaterThan(COUNT / 2);
    }

    @Test
    void aFileThatIsCutAnywhereIsRefused() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT / 2; i++) {
            int length = i < 10 ? i * 13 : random.nextInt(sound.length);
            assertThat(run(damaged(Arrays.copyOf(sound, length))))
                    .as("%d bytes", length)
                    .isNull();
        }
        assertThatThrownBy(() -> ClassActivationMapper.open(damaged(Arrays.copyOf(sound, sound.length - 1))))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("is cut short: it has " + (sound.length - 1) + " bytes where " + sound.length)
                .hasMessageContaining("Prepare it again");
        assertThatThrownBy(() -> ClassActivationMapper.open(damaged(Arrays.copyOf(sound, sound.length + 1))))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("has something appended");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void damagedWeightsAreFoundBeforeTheyAreUsed(int section) throws IOException {
        byte[] bytes = sound.clone();
        Header.Section place = header.sections().get(section);
        bytes[(int) (place.offset() + place.length() / 2)] ^= 16;
        Path file = damaged(bytes);

        // oneDNN takes the packed weights, ND4J the plain ones.
        assertThatThrownBy(() -> {
                    try (ClassActivationMapper mapper = ClassActivationMapper.from(file)
                            .engine(section == 1 ? "ND4J" : "oneDNN")
                            .build()) {
                        mapper.activations(IMAGE);
                    }
                })
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("checksum");
    }

    /** Somebody who means harm repairs the checksums. */
    @Test
    void wrongNumbersUnderRightChecksumsNeverCrash() throws IOException {
        Random random = new Random(SEED);
        List<String> messages = new ArrayList<>();
        int length = (int) header.sections().get(0).length();
        for (int i = 0; i < COUNT * 8; i++) {
            byte[] bytes = sound.clone();
            int at = (int) header.sections().get(0).offset() + random.nextInt(length - 3);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
            Path file = damaged(sealed(bytes));
            try (ClassActivationMapper mapper = ClassActivationMapper.open(file)) {
                assertThat(mapper.labels().size()).isPositive();
                if (mapper.summary().inputHeight() == PlannedNetworks.HEIGHT
                        && mapper.summary().inputWidth() == PlannedNetworks.WIDTH
                        && mapper.summary().inputChannels() == 3) {
                    mapper.activations(IMAGE);
                }
            } catch (PhotoException refusal) {
                // The file is sound, its numbers are too large for this image.
                assertThat(refusal).hasMessageContaining("not finite");
            } catch (CamException refusal) {
                assertThat(refusal.getMessage()).contains(file.toString());
                messages.add(refusal.getMessage());
            }
        }
        assertThat(messages).hasSizeGreaterThan(COUNT);
    }

    private static byte[] sealed(byte[] bytes) {
        List<Header.Section> sections = header.sections().stream()
                .map(section -> {
                    CRC32C sum = new CRC32C();
                    sum.update(bytes, (int) section.offset(), (int) section.length());
                    return new Header.Section(section.offset(), section.length(), (int) sum.getValue());
                })
                .toList();
        byte[] head = new Header(header.producer(), bytes.length, sections).encoded();
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }

    @Test
    void sectionsOutsideTheFileAreRefused() throws IOException {
        for (long[] place : new long[][] {
            {1L << 40, 10}, {4096, Long.MAX_VALUE}, {-4096, 10}, {4096, -1}, {5000, 10}, {0, 10}, {4096, 1L << 31}
        }) {
            List<Header.Section> sections = new ArrayList<>(header.sections());
            sections.set(0, new Header.Section(place[0], place[1], 0));
            byte[] bytes = sound.clone();
            byte[] head = new Header(header.producer(), bytes.length, sections).encoded();
            System.arraycopy(head, 0, bytes, 0, head.length);
            Path file = damaged(bytes);

            assertThatThrownBy(() -> ClassActivationMapper.open(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("does not lie inside");
        }
    }

    @Test
    void otherFilesAreRefusedInWords() throws IOException {
        assertThatThrownBy(() -> ClassActivationMapper.open(folder.resolve("nothing")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> ClassActivationMapper.open(folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> ClassActivationMapper.open(damaged(new byte[0])))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("of another kind");
        assertThatThrownBy(() -> ClassActivationMapper.open(
                        Golden.of("nested_vgg", "k3.keras").model()))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("of another kind");
        byte[] text = new String(sound, StandardCharsets.ISO_8859_1)
                .replace("\r\n", "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ClassActivationMapper.open(damaged(text))).isInstanceOf(ModelFileException.class);
    }

    @Test
    void aFileOfAnotherFormatSaysWhatReadsIt() throws IOException {
        byte[] newer = sound.clone();
        newer[8] = (byte) (Header.FORMAT + 1);
        System.arraycopy("9.8.7\n".getBytes(StandardCharsets.US_ASCII), 0, newer, 12, 6);
        newer[18] = 0;
        Arrays.fill(newer, 19, 44, (byte) 0);
        assertThatThrownBy(() -> ClassActivationMapper.open(damaged(newer)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("was prepared by cam4j 9.8.7 with format 3; this version of cam4j reads format 2."
                        + " It needs a newer cam4j: use one, or prepare the model again with this one.");
        // As format 1 began: the number of sections and the file's length stood where the name of the cam4j stands now.
        byte[] older = new byte[8192];
        ByteBuffer.wrap(older)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(sound, 0, 8)
                .putInt(1)
                .putInt(3)
                .putLong(older.length);
        assertThatThrownBy(() -> ClassActivationMapper.open(damaged(older)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(
                        "was prepared by an earlier cam4j with format 1; this version of cam4j reads format 2."
                                + " Prepare it again with 'cam4j prepare'");
    }

    @Test
    void aPreparedModelIsKnownByItsContent() throws IOException {
        assertThat(PreparedFile.isOne(damaged(sound))).isTrue();
        assertThat(PreparedFile.isOne(Golden.of("nested_vgg", "k3.keras").model()))
                .isFalse();
        assertThat(PreparedFile.isOne(folder)).isFalse();
        Path prepared = damaged(sound);
        assertThatThrownBy(() -> ClassActivationMapper.fromKeras(prepared))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("it is a prepared model")
                .hasMessageContaining("Open it with ClassActivationMapper.open");
        assertThat(PreparedFile.isOne(folder.resolve("nothing"))).isFalse();
    }
}
