package org.cam4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.cam4j.exception.PhotoException;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that {@code numpy.save} wrote: {@code npy_files.py} made them, and says what they hold. */
class NpyArrayTest {

    private static final int SLICE = 36;

    @TempDir
    Path folder;

    private static Path file(String name) {
        return Golden.resource("/npy/" + name);
    }

    private static float[] values(int from, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (from + i) / 4f - 3;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "little_f4",
                "big_f4",
                "little_f8",
                "big_f8",
                "little_f2",
                "big_f2",
                "version_1",
                "version_2",
                "version_3",
                "fortran_f4",
                "fortran_f8"
            })
    void slicesAreTheNumbersThatNumPyReads(String name) {
        NpyArray array = NpyArray.open(file(name + ".npy"));

        assertThat(array.shape()).containsExactly(2, 3, 4, 3);
        assertThat(array.isBytes()).isFalse();
        assertThat(array.slice(0)).containsExactly(values(0, SLICE));
        assertThat(array.slice(1)).containsExactly(values(SLICE, SLICE));
        assertThat(array.values()).containsExactly(values(0, 2 * SLICE));
    }

    @Test
    void bytesAreUnsigned() {
        NpyArray array = NpyArray.open(file("uint8.npy"));

        assertThat(array.isBytes()).isTrue();
        assertThat(array.slice(1)).startsWith(36, 37, 38).endsWith(71);
    }

    @Test
    void halfPrecisionHasItsSmallestLargestAndInfiniteNumbers() throws IOException {
        byte[] header = Arrays.copyOf(Files.readAllBytes(file("little_f2.npy")), 128);
        String shape = new String(header, StandardCharsets.ISO_8859_1).replace("(2, 3, 4, 3)", "(5,)       ");
        byte[] bytes = Arrays.copyOf(shape.getBytes(StandardCharsets.ISO_8859_1), 138);
        short[] numbers = {0x0001, (short) 0x83ff, 0x7bff, (short) 0xfc00, 0x7e00};
        for (int i = 0; i < numbers.length; i++) {
            bytes[128 + 2 * i] = (byte) numbers[i];
            bytes[129 + 2 * i] = (byte) (numbers[i] >> 8);
        }

        float[] values =
                NpyArray.open(Files.write(folder.resolve("half.npy"), bytes)).values();

        assertThat(values).containsExactly(0x1p-24f, -1023 * 0x1p-24f, 65504f, Float.NEGATIVE_INFINITY, Float.NaN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int64.npy    | holds numbers of NumPy's type 'i8', expected float32",
                "bool.npy     | holds numbers of NumPy's type 'b1', expected float32",
                "complex.npy  | holds numbers of NumPy's type 'c8', expected float32",
                "object.npy   | holds numbers of NumPy's type 'O', expected float32",
                "fields.npy   | holds records with fields",
                "archive.npz  | is a zip archive, as numpy.savez writes"
            })
    void otherArraysAreRefusedByWhatTheyHold(String name, String words) {
        assertRefused(file(name), words);
    }

    @ParameterizedTest
    @CsvSource({
        "415, 'has 415 bytes, expected 416 for float32 of shape [2, 3, 4, 3]: it is cut short'",
        "128, cut short",
        "40, header has 118 bytes",
        "9, cut short within its header",
        "5, is no NumPy file",
        "0, is no NumPy file"
    })
    void aFileThatIsCutShortIsRefused(int length, String words) throws IOException {
        byte[] whole = Files.readAllBytes(file("little_f4.npy"));

        assertRefused(Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, length)), words);
    }

    @Test
    void numbersBehindTheArrayAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file("little_f4.npy"));

        assertRefused(
                Files.write(folder.resolve("long.npy"), Arrays.copyOf(whole, 420)), "it holds something else behind");
    }

    /** A hostile header must not allocate what it says. */
    @ParameterizedTest
    @CsvSource({
        "'(2000000000, 2000000000, 2000000000, 9)', it is cut short",
        "'(2000000000, 2, 2, 2)', it is cut short",
        "'(99999999999, 2)', which is none",
        "'(-1, 2)', without descr",
        "'[2, 3]', without descr"
    })
    void aShapeThatIsNoneIsRefused(String shape, String words) throws IOException {
        byte[] whole = Files.readAllBytes(file("little_f4.npy"));
        String header = new String(whole, 10, 118, StandardCharsets.ISO_8859_1);
        String changed = header.replace("(2, 3, 4, 3)", shape);
        byte[] bytes = Arrays.copyOf(whole, 416);
        byte[] text = (changed + " ".repeat(12)).substring(0, 118).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(text, 0, bytes, 10, text.length);

        assertRefused(Files.write(folder.resolve("shape.npy"), bytes), words);
    }

    @Test
    void aVersionThatIsNotKnownIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file("little_f4.npy"));
        whole[6] = 4;

        assertRefused(Files.write(folder.resolve("v4.npy"), whole), "is of version 4 of the format");
    }

    @Test
    void aMissingFileAndAFolderAreRefused() {
        assertRefused(folder.resolve("none.npy"), "check the path");
        assertRefused(folder, "is a folder, a device or a pipe");
    }

    private static void assertRefused(Path file, String words) {
        assertThatThrownBy(() -> NpyArray.open(file))
                .isInstanceOf(PhotoException.class)
                .hasMessageContainingAll("tensor '" + file + "'", words);
    }
}
