package org.cam4j.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy file: magic number, version, and a Python dictionary of type, order and shape.
 *
 * @param type the type of the numbers
 * @param isBigEndian the byte order of the numbers
 * @param isFortran whether the first axis changes fastest
 * @param shape the sizes of the axes
 * @param length the header's bytes, before the numbers
 */
record NpyHeader(NpyType type, boolean isBigEndian, boolean isFortran, int[] shape, int length) {

    /** Bytes that a header may have; NumPy's are below 256 but for many fields. */
    static final int LONGEST = 1 << 16;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("['\"]descr['\"]\\s*:\\s*(['\"]([<>|=])(\\w{1,8})['\"]|\\[)");
    private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([\\d,\\sL]{0,400})\\)");

    /**
     * Reads a header.
     *
     * @param beginning the first bytes of the file
     * @param file the file's name in messages
     */
    static NpyHeader of(ByteBuffer beginning, Path file) {
        ByteBuffer bytes = beginning.order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[Math.min(MAGIC.length, bytes.remaining())];
        bytes.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            boolean isZip = magic.length > 1 && magic[0] == 'P' && magic[1] == 'K';
            throw NpyArray.refused(
                    file,
                    isZip
                            ? "is a zip archive, as numpy.savez writes: expected one array, saved with numpy.save"
                            : "is no NumPy file: expected an array, saved with numpy.save");
        }
        if (bytes.remaining() < 6) {
            throw NpyArray.refused(file, "is cut short within its header: save it again");
        }
        int version = bytes.get();
        bytes.get();
        if (version < 1 || version > 3) {
            throw NpyArray.refused(
                    file, "is of version " + version + " of the format, expected 1, 2 or 3: save it again");
        }
        long length = version == 1 ? Short.toUnsignedInt(bytes.getShort()) : Integer.toUnsignedLong(bytes.getInt());
        if (length > bytes.remaining()) {
            throw NpyArray.refused(
                    file,
                    "says that its header has " + length + " bytes, of which "
                            + (beginning.limit() == LONGEST ? LONGEST + " are read" : bytes.remaining() + " are there")
                            + ": save it again");
        }
        byte[] text = new byte[(int) length];
        bytes.get(text);
        return of(
                new String(text, version < 3 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8),
                bytes.position(),
                file);
    }

    private static NpyHeader of(String dictionary, int length, Path file) {
        Matcher type = TYPE.matcher(dictionary);
        Matcher order = ORDER.matcher(dictionary);
        Matcher shape = SHAPE.matcher(dictionary);
        if (!type.find() || !order.find() || !shape.find()) {
            throw NpyArray.refused(
                    file,
                    "has a header without descr, fortran_order and shape as numpy.save writes them: save it again");
        }
        if (type.group(2) == null) {
            throw NpyArray.refused(file, "holds records with fields: expected one array of float32");
        }
        return new NpyHeader(
                type(type.group(3), file),
                type.group(2).equals(">"),
                order.group(1).equals("True"),
                shape(shape.group(1), file),
                length);
    }

    private static NpyType type(String code, Path file) {
        return Arrays.stream(NpyType.values())
                .filter(known -> known.code().equals(code))
                .findFirst()
                .orElseThrow(
                        () -> NpyArray.refused(
                                file,
                                "holds numbers of NumPy's type '" + code
                                        + "', expected float32: save array.astype('float32'), preprocessed as the network was trained"));
    }

    private static int[] shape(String sizes, Path file) {
        try {
            return Arrays.stream(sizes.replace("L", "").split(","))
                    .map(String::strip)
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw NpyArray.refused(file, "has the shape (" + sizes.strip() + "), which is none: save it again");
        }
    }

    /** The bytes of the numbers; the largest long if there are more. */
    long bytes() {
        double exact = Arrays.stream(shape).asDoubleStream().reduce(type.bytes(), (product, size) -> product * size);
        return exact > 1L << 60
                ? Long.MAX_VALUE / 2
                : Arrays.stream(shape).asLongStream().reduce(type.bytes(), (product, size) -> product * size);
    }
}
