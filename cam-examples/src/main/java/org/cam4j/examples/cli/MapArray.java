package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.cam4j.ActivationMap;
import org.cam4j.file.Npy;
import org.cam4j.file.WholeFile;

/**
 * The file of a raw map, or of a layer's activations, for {@code numpy.load}. Its header is padded with spaces to twice the length of
 * NumPy's own, so that the next run knows the file as a result even if a run was killed before it wrote the JSON. Readers skip headers by
 * their length.
 */
final class MapArray {

    private static final int HEADER = 256;

    /** Magic number, version 1.0, the length of what follows, and the dictionary of an array of two or three axes. */
    private static final Pattern BEGINNING = Pattern.compile("\\x93NUMPY\\x01\\x00" + (char) (HEADER - 10)
            + "\\x00\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(\\d+, \\d+(, \\d+)?\\), } +\n");

    private MapArray() {}

    static void write(Path file, ActivationMap map) {
        write(file, map.toArray(), map.height(), map.width());
    }

    /** Writes an array of two or three axes. */
    static void write(Path file, float[] values, int... shape) {
        byte[] bytes = Npy.encode(HEADER, values, shape);
        WholeFile.write(file, out -> out.write(bytes));
    }

    static boolean isOne(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return BEGINNING
                    .matcher(new String(in.readNBytes(HEADER), StandardCharsets.ISO_8859_1))
                    .matches();
        }
    }
}
