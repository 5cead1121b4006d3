package org.cam4j.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the colour profile out of an encoded JPEG: Pillow ignores it, and the decoder would believe a damaged one that
 * claims to have gigabytes.
 */
final class EmbeddedProfile {

    private static final byte[] JPEG_NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    private static final int START_OF_SCAN = 0xda;
    private static final int APP2 = 0xe2;

    private EmbeddedProfile() {}

    /**
     * The same picture without a profile.
     *
     * @param encoded a whole file of any format; it is not changed
     * @return the same array if there is nothing to take out
     */
    static byte[] removed(byte[] encoded) {
        if (encoded.length > 4 && at(encoded, 0) == 0xff && at(encoded, 1) == 0xd8) {
            return withoutSegments(encoded);
        }
        return encoded;
    }

    /** Copies everything but the profile's segments, which all stand before the first scan. */
    private static byte[] withoutSegments(byte[] jpeg) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(jpeg.length);
        int copied = 0;
        int i = 2;
        while (i + 4 < jpeg.length && at(jpeg, i) == 0xff && at(jpeg, i + 1) != START_OF_SCAN) {
            if (at(jpeg, i + 1) == 0xff) {
                i++;
                continue;
            }
            int end = i + 2 + ((at(jpeg, i + 2) << 8) | at(jpeg, i + 3));
            if (at(jpeg, i + 1) == APP2 && startsWith(jpeg, i + 4, JPEG_NAME)) {
                kept.write(jpeg, copied, i - copied);
                copied = Math.min(end, jpeg.length);
            }
            i = end;
        }
        if (copied == 0) {
            return jpeg;
        }
        kept.write(jpeg, copied, jpeg.length - copied);
        return kept.toByteArray();
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] start) {
        return at + start.length <= bytes.length && Arrays.equals(bytes, at, at + start.length, start, 0, start.length);
    }

    private static int at(byte[] bytes, int i) {
        return bytes[i] & 0xff;
    }
}
