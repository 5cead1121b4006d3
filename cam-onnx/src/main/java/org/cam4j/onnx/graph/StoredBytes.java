package org.cam4j.onnx.graph;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * The bytes of a tensor in a mapped file.
 *
 * @param bytes little-endian elements, from position to limit
 * @param file whose bytes they are
 */
public record StoredBytes(ByteBuffer bytes, Source file) {

    /** A file that is read later than it was opened. */
    @FunctionalInterface
    public interface Source {

        /**
         * Reads from the file.
         *
         * @throws org.cam4j.exception.ModelFileException if the file was changed in place after it was opened
         */
        float[] read(Supplier<float[]> reading);
    }
}
