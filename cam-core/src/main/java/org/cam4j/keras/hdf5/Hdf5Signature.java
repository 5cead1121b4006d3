package org.cam4j.keras.hdf5;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Finds HDF5 by its first bytes. Needs no library. */
public final class Hdf5Signature {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final long SMALLEST_USER_BLOCK = 512;

    private Hdf5Signature() {}

    /**
     * Finds the part of a file that begins as HDF5: the whole file, or the part behind a user block of 512 · 2^n bytes (HDF5 File Format
     * Specification 3.0, II.A).
     *
     * @return a view; empty if the file is no HDF5
     */
    public static Optional<ByteBuffer> begin(ByteBuffer bytes) {
        for (long at = 0; at + SIGNATURE.length <= bytes.limit(); at = at == 0 ? SMALLEST_USER_BLOCK : 2 * at) {
            byte[] head = new byte[SIGNATURE.length];
            bytes.get((int) at, head);
            if (Arrays.equals(head, SIGNATURE)) {
                return Optional.of(bytes.slice((int) at, bytes.limit() - (int) at));
            }
        }
        return Optional.empty();
    }
}
