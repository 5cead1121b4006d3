package org.cam4j.prepared;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.cam4j.file.WholeFile;
import org.cam4j.plan.operation.WeightArray;

/** Writes sections behind a header with their lengths and checksums. Each section is encoded twice: to measure it, then to write it. */
final class SectionWriter {

    private static final int STRIDE = 1 << 16;

    private SectionWriter() {}

    /**
     * Writes a file.
     *
     * @param file the path to write
     * @param producer the version of cam4j that writes the file
     * @param contents the sections' contents; each writes the same bytes on every call
     */
    static void write(Path file, String producer, List<WholeFile.Content> contents) {
        List<Header.Section> sections = new ArrayList<>();
        long end = Header.BYTES;
        for (WholeFile.Content content : contents) {
            Header.Section section = measured(content, paged(end));
            if (section.length() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a prepared model's section of " + section.length()
                        + " bytes: at most 2 GiB can be mapped. Save it lean, or use the Keras file.");
            }
            sections.add(section);
            end = section.offset() + section.length();
        }
        Header header = new Header(producer, end, sections);
        WholeFile.write(file, out -> {
            out.write(header.encoded());
            long written = Header.BYTES;
            for (int i = 0; i < contents.size(); i++) {
                Header.Section section = header.sections().get(i);
                out.write(new byte[(int) (section.offset() - written)]);
                contents.get(i).writeTo(out);
                written = section.offset() + section.length();
            }
        });
    }

    private static long paged(long offset) {
        return (offset + Header.PAGE - 1) / Header.PAGE * Header.PAGE;
    }

    private static Header.Section measured(WholeFile.Content content, long offset) {
        CRC32C sum = new CRC32C();
        Counter counter = new Counter();
        try (CheckedOutputStream out = new CheckedOutputStream(counter, sum)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes could not be counted", e);
        }
        return new Header.Section(offset, counter.count, (int) sum.getValue());
    }

    private static final class Counter extends OutputStream {

        private long count;

        @Override
        public void write(int value) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int start, int length) {
            count += length;
        }
    }

    static void writePlain(Blocks<WeightArray> blocks, OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(STRIDE).order(ByteOrder.LITTLE_ENDIAN);
        long written = 0;
        for (Blocks.Placed<WeightArray> block : blocks.placed()) {
            out.write(new byte[(int) (block.offset() - written)]);
            float[] values = block.content().values();
            for (int start = 0; start < values.length; start += STRIDE / Float.BYTES) {
                int count = Math.min(STRIDE / Float.BYTES, values.length - start);
                chunk.asFloatBuffer().put(values, start, count);
                out.write(chunk.array(), 0, count * Float.BYTES);
            }
            written = block.offset() + block.length();
        }
    }

    static void writePacked(Blocks<ByteBuffer> blocks, OutputStream out) throws IOException {
        byte[] chunk = new byte[STRIDE];
        long written = 0;
        for (Blocks.Placed<ByteBuffer> block : blocks.placed()) {
            out.write(new byte[(int) (block.offset() - written)]);
            ByteBuffer content = block.content().duplicate().rewind();
            while (content.hasRemaining()) {
                int count = Math.min(STRIDE, content.remaining());
                content.get(chunk, 0, count);
                out.write(chunk, 0, count);
            }
            written = block.offset() + block.length();
        }
    }
}
