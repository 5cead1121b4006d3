package org.cam4j.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.PhotoException;

/**
 * An array of numbers in a NumPy file, read slice by slice along its first axis.
 *
 * <p>Versions 1 to 3 of the format (NEP 1), either byte order, C or Fortran order; float32, float64, float16 and uint8 become float32. The
 * file stays on the disk: each slice is read when it is asked for.
 */
public final class NpyArray {

    private final Path file;
    private final NpyHeader header;
    private final long start;

    private NpyArray(Path file, NpyHeader header, long start) {
        this.file = file;
        this.header = header;
        this.start = start;
    }

    /**
     * Opens a file and reads its header.
     *
     * @param file an ordinary file
     * @return the array; its values are not read yet
     * @throws PhotoException if the file is missing, no NumPy file, of another type of numbers, or shorter or longer than its header says
     */
    public static NpyArray open(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw refused(file, "is a folder, a device or a pipe: expected a file that numpy.save wrote");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer beginning = ByteBuffer.allocate((int) Math.min(channel.size(), NpyHeader.LONGEST));
            readFully(channel, beginning, 0);
            NpyHeader header = NpyHeader.of(beginning.flip(), file);
            NpyArray array = new NpyArray(file, header, header.length());
            array.requireSize(channel.size());
            return array;
        } catch (NoSuchFileException e) {
            throw new PhotoException("no tensor '" + file + "': check the path.", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private void requireSize(long size) {
        long wanted = start + header.bytes();
        if (size != wanted) {
            throw refused(
                    file,
                    "has " + size + " bytes, expected " + wanted + " for " + header.type() + " of shape " + shape()
                            + (size < wanted ? ": it is cut short" : ": it holds something else behind the array"));
        }
    }

    /**
     * Returns the shape.
     *
     * @return the size of each axis, in NumPy's order
     */
    public List<Integer> shape() {
        return Arrays.stream(header.shape()).boxed().toList();
    }

    /**
     * Tells whether the numbers are unsigned bytes, as of pixels.
     *
     * @return false for floating-point numbers
     */
    public boolean isBytes() {
        return header.type() == NpyType.UINT8;
    }

    /**
     * Reads one slice along the first axis.
     *
     * @param index in [0, size of the first axis)
     * @return a new array of the remaining axes, row-major; numbers beyond single precision become infinite
     * @throws PhotoException if the file cannot be read, or the slice does not fit into an array
     */
    public float[] slice(int index) {
        int[] shape = header.shape();
        if (index < 0 || index >= shape[0]) {
            throw new IllegalArgumentException("slice " + index + " of an array of shape " + shape());
        }
        return values(index, Arrays.copyOfRange(shape, 1, shape.length), shape[0]);
    }

    /**
     * Reads the whole array.
     *
     * @return a new array, row-major; numbers beyond single precision become infinite
     * @throws PhotoException if the file cannot be read, or the array does not fit into one of Java's
     */
    public float[] values() {
        return values(0, header.shape(), 1);
    }

    /** Reads {@code count} values as one of {@code slices} slices. */
    private float[] values(int slice, int[] shape, int slices) {
        long count = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        int size = header.type().bytes();
        // In Fortran order the slices' numbers take turns.
        long first = header.isFortran() ? 0 : slice * count * size;
        long length = (header.isFortran() ? count * slices : count) * size;
        if (length > Integer.MAX_VALUE - 8) {
            throw refused(
                    file,
                    "needs " + length + " bytes at once, more than the 2 GiB that are read"
                            + (header.isFortran()
                                    ? ": save it in C order, numpy.save(file, numpy.ascontiguousarray(array))"
                                    : ": save fewer numbers"));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length)
                .order(header.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            readFully(channel, bytes, start + first);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        float[] values = new float[(int) count];
        int[] strides = fortranStrides(shape);
        for (int i = 0; i < values.length; i++) {
            int at = header.isFortran() ? slice + slices * fortran(i, shape, strides) : i;
            values[i] = header.type().read(bytes, at * size);
        }
        return values;
    }

    private static int[] fortranStrides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** The place in Fortran order of a number's place in C order. */
    private static int fortran(int index, int[] shape, int[] strides) {
        int at = 0;
        int rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            at += rest % shape[axis] * strides[axis];
            rest /= shape[axis];
        }
        return at;
    }

    private static void readFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
    }

    static PhotoException refused(Path file, String found) {
        return new PhotoException("tensor '" + file + "' " + found + ".");
    }

    private static PhotoException unreadable(Path file, IOException e) {
        return new PhotoException("tensor '" + file + "' cannot be read: " + IoReason.of(e) + ".", e);
    }
}
