package org.cam4j.prepared;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.cam4j.exception.ModelFileException;
import org.cam4j.plan.operation.WeightArray;

/**
 * A prepared model's file, mapped into memory.
 *
 * <p>The description is read and checked when it is opened. The weights are used where they lie and must stay there: replace the
 * file by another, as {@link #write} does, but never change it in place while a mapper uses it. The memory is given back when
 * the garbage collector finds that nobody uses it any more.
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
     * Whether a file is a prepared model, whatever its name.
     *
     * @param file any path
     * @return true if it begins like one; false if it cannot be read
     */
    public static boolean isOne(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Header.isMagic(in.readNBytes(Header.BYTES));
        } catch (IOException e) {
            // Whoever opens it will say why.
            return false;
        }
    }

    /**
     * Maps a file.
     *
     * @param file what {@link #write} wrote
     * @return the file with its model
     * @throws ModelFileException if it is missing, damaged, or no prepared model
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
            throw new ModelFileException("prepared model '" + file + "' cannot be read: " + e.getMessage(), e);
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
     * What lies beside the description.
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

        /** Engines rectify NaN to 0: finite, wrong scores would come out. */
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
     * The model. Its packed weights are not checked yet: see {@link #checkPacking}.
     *
     * @return the model, which keeps the file mapped
     */
    public PreparedModel model() {
        return model;
    }

    /**
     * Reads all packed weights once and compares them with their checksum; may run beside the engine's start.
     *
     * @throws ModelFileException if they are damaged
     */
    public void checkPacking() {
        try {
            packed.checked();
        } catch (IllegalArgumentException e) {
            throw refusal(file, e);
        }
    }

    /**
     * Writes a model; an existing file is replaced, and whoever has it open keeps the old one.
     *
     * @param file where to; written whole or not at all
     * @param model what to write; without its plain weights if it is lean
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
