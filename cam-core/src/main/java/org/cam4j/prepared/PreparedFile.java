package org.cam4j.prepared;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.ModelFileException;
import org.cam4j.plan.operation.WeightArray;

/**
 * A prepared model's file, mapped into memory.
 *
 * <p>The description is read and checked when the file is opened. The weights are used from the mapped file without copying: while a
 * mapper uses the file, replace it by another, as {@link #write} does, but never modify it in place. The garbage collector unmaps the
 * file when no object refers to it.
 */
public final class PreparedFile {

    static final String PREPARE_AGAIN = "Prepare it again with 'cam4j prepare' or ClassActivationMapper.save.";

    private final Path file;
    private final MappedSection packed;
    private final PreparedModel model;

    private PreparedFile(Path file, MappedSection packed, PreparedModel model) {
        this.file = file;
        this.packed = packed;
        this.model = model;
    }

    /**
     * Tells by its first bytes whether a file is a prepared model; the file's name does not matter.
     *
     * @param file any path
     * @return true if the file begins like a prepared model; false if it does not or cannot be read
     */
    public static boolean isOne(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Header.isMagic(in.readNBytes(Header.BYTES));
        } catch (IOException e) {
            // Opening the file will report the cause.
            return false;
        }
    }

    /**
     * Tells whether bytes begin as prepared models do.
     *
     * @param content of a file
     * @return false for other content
     */
    public static boolean isOne(byte[] content) {
        return Header.isMagic(Arrays.copyOf(content, Math.min(content.length, Header.BYTES)));
    }

    /**
     * Maps a file.
     *
     * @param file a file that {@link #write} wrote
     * @return the file with its model
     * @throws ModelFileException if the file is missing, damaged, or not a prepared model
     */
    public static PreparedFile open(Path file) {
        if (Files.isDirectory(file)) {
            throw new ModelFileException("prepared model '" + file + "' is a folder: give the path of a file.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = Files.newInputStream(file)) {
            Header header = Header.decoded(in.readNBytes(Header.BYTES), channel.size());
            MappedSection description =
                    new MappedSection(channel, header.sections().get(0));
            MappedSection plain = new MappedSection(channel, header.sections().get(1));
            MappedSection packed = new MappedSection(channel, header.sections().get(2));
            PreparedModel model = ModelCodec.read(description.checked(), new Sections(file, plain, packed));
            return new PreparedFile(file, packed, model);
        } catch (NoSuchFileException e) {
            throw new ModelFileException("prepared model '" + file + "' does not exist: check the path.", e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new ModelFileException("prepared model '" + file + "' cannot be read: " + IoReason.of(e), e);
        } catch (OtherFormatException e) {
            throw new ModelFileException("prepared model '" + file + "' " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw refusal(file, e);
        }
    }

    private static ModelFileException refusal(Path file, RuntimeException reason) {
        String found = reason.getMessage();
        String sentence = found.startsWith("is ") || found.startsWith("has ") ? found : "cannot be used: " + found;
        return new ModelFileException("prepared model '" + file + "' " + sentence + ". " + PREPARE_AGAIN, reason);
    }

    /**
     * The sections behind the description.
     *
     * @param file for messages
     * @param plain the section of plain weights
     * @param packed the section of packed weights
     */
    private record Sections(Path file, MappedSection plain, MappedSection packed) implements ModelCodec.Sections {

        @Override
        public WeightArray weights(long offset, int length) {
            ByteBuffer block = plain.block(offset, (long) length * Float.BYTES);
            return WeightArray.readBy(length, () -> {
                try {
                    plain.checked();
                } catch (IllegalArgumentException e) {
                    throw refusal(file, e);
                }
                float[] values = new float[length];
                block.asFloatBuffer().get(values);
                requireFinite(values);
                return values;
            });
        }

        /** Refuses NaN and infinite weights: engines rectify NaN to 0, and would return finite but wrong scores. */
        private void requireFinite(float[] values) {
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw refusal(file, new IllegalArgumentException("it holds the weight " + value));
                }
            }
        }

        @Override
        public WeightArray leftOut(int length) {
            return WeightArray.readBy(length, () -> {
                throw new ModelFileException("prepared model '" + file + "' is lean: it holds its weights only as they"
                        + " were packed for one processor and number of threads, and these do not fit here. "
                        + PREPARE_AGAIN);
            });
        }

        @Override
        public ByteBuffer packed(long offset, int length) {
            return packed.block(offset, length);
        }
    }

    /**
     * Returns the model. Its packed weights are not checked yet: see {@link #checkPacking}.
     *
     * @return the model, which keeps the file mapped
     */
    public PreparedModel model() {
        return model;
    }

    /**
     * Reads all packed weights once and compares them with their checksum; may run in parallel with the engine's start.
     *
     * @throws ModelFileException if the packed weights are damaged
     */
    public void checkPacking() {
        try {
            packed.checked();
        } catch (IllegalArgumentException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Writes a model; replaces an existing file, and mappers that have the old file open keep the old content.
     *
     * @param file the path to write; written whole or not at all
     * @param model the model to write; without its plain weights if it is lean
     * @throws java.io.UncheckedIOException if the file cannot be written
     * @throws IllegalArgumentException if the weights are more than 2 GiB
     */
    public static void write(Path file, PreparedModel model) {
        Blocks<WeightArray> plain = new Blocks<>();
        Blocks<ByteBuffer> packed = new Blocks<>();
        byte[] description = ModelCodec.write(model, plain, packed);
        SectionWriter.write(
                file,
                model.description().version(),
                List.of(
                        out -> out.write(description),
                        out -> SectionWriter.writePlain(plain, out),
                        out -> SectionWriter.writePacked(packed, out)));
    }
}
