package org.cam4j.image;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** A picture whose header is read and whose pixels are not. Not thread-safe. */
sealed interface EncodedPicture extends Closeable permits ReaderPicture, WebpPicture {

    /**
     * Reads the header of an encoded picture.
     *
     * @param encoded the whole file, not empty; not changed, not copied
     * @return empty if the format is unknown
     * @throws IOException if the header is damaged
     */
    static Optional<EncodedPicture> open(byte[] encoded) throws IOException {
        return WebpContainer.isWebp(encoded) ? Optional.of(WebpPicture.open(encoded)) : ReaderPicture.open(encoded);
    }

    /** The columns that are stored, before the picture is turned upright. */
    int width() throws IOException;

    /** The rows that are stored, before the picture is turned upright. */
    int height() throws IOException;

    /** The bytes of heap that {@link #decode} takes for each pixel at its peak. */
    int bytesPerPixel() throws IOException;

    /**
     * Decodes the first picture of the file.
     *
     * @return the picture, upright
     * @throws IOException if it is damaged
     */
    DecodedPhoto decode() throws IOException;

    /**
     * Decodes the first picture of the file, and keeps parts of it.
     *
     * @param use what they are needed for
     * @return empty if all of it must be kept; it may be decoded then
     * @throws IOException if it is damaged
     */
    default Optional<KeptParts> decodeParts(PhotoUse use) throws IOException {
        return Optional.empty();
    }

    /** Releases what the decoder holds. */
    @Override
    void close();
}
