package org.cam4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {

    @TempDir
    Path folder;

    /** {@code numpy.save(file, numpy.array([[1, -2.5, 3], [0, 0.5, 1e-3]], '<f4'))} of NumPy 1.26. */
    @Test
    void writesTheBytesThatNumPyWrites() throws IOException {
        Path file = folder.resolve("map.npy");

        Npy.write(file, new float[] {1, -2.5f, 3, 0, 0.5f, 1e-3f}, 2, 3);

        byte[] bytes = Files.readAllBytes(file);
        byte[] header = HexFormat.of().parseHex("934e554d50590100" + "7600");
        assertThat(bytes).startsWith(header).hasSize(128 + 24);
        assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
                .isEqualTo("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + " ".repeat(58) + "\n");
        assertThat(HexFormat.of().formatHex(bytes, 128, bytes.length))
                .isEqualTo("0000803f000020c000004040000000000000003f6f12833a");
    }

    /** {@code numpy.load} goes by the header's length. */
    @Test
    void aHeaderMayBeLonger() {
        byte[] bytes = Npy.encode(256, new float[] {1, -2.5f, 3, 0, 0.5f, 1e-3f}, 2, 3);

        assertThat(bytes)
                .startsWith(HexFormat.of().parseHex("934e554d50590100" + "f600"))
                .hasSize(256 + 24);
        assertThat(new String(bytes, 10, 246, StandardCharsets.US_ASCII))
                .isEqualTo("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + " ".repeat(186) + "\n");
        assertThat(HexFormat.of().formatHex(bytes, 256, bytes.length))
                .isEqualTo("0000803f000020c000004040000000000000003f6f12833a");
    }

    @Test
    void aVectorsShapeEndsWithAComma() throws IOException {
        Path file = folder.resolve("vector.npy");

        Npy.write(file, new float[5], 5);

        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("'shape': (5,), }");
    }

    @Test
    void refusesAShapeThatTheValuesDoNotFill() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Npy.write(folder.resolve("x.npy"), new float[5], 2, 3))
                .withMessageContainingAll("5 values", "[2, 3]");
    }

    @Test
    void makesFoldersReplacesFilesAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("a/b/map.npy");

        Npy.write(file, new float[4], 4);
        Npy.write(file, new float[8], 8);

        assertThat(Files.size(file)).isEqualTo(128 + 32);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("old.txt"), "old");

        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("old.txt", "disk full");

        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void refusesAFolderInPlaceOfAFileAndAFileInPlaceOfAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Npy.write(folder, new float[1], 1)).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> Npy.write(file.resolve("map.npy"), new float[1], 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("is where a folder is needed");
    }
}
