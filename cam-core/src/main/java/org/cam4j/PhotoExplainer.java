package org.cam4j;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.exception.PhotoException;

/**
 * Explains photos: JPEG, PNG, WebP, GIF, BMP or TIFF files in, predictions and class activation maps out.
 *
 * <p>All methods throw {@link IllegalStateException} if the preprocessing of photos is not set, and {@link PhotoException} if the
 * network's scores or activations of a photo are not finite.
 */
public interface PhotoExplainer {

    /** What {@link Explanation#name()} says of a photo that came without a name. */
    String UNNAMED = "image";

    /**
     * Explains a photo, which is called by its file's name.
     *
     * @param photo a JPEG, PNG, WebP, GIF, BMP or TIFF file
     * @return predictions and maps
     * @throws PhotoException if it cannot be read
     */
    Explanation explain(Path photo);

    /**
     * Explains a photo from a stream.
     *
     * @param photo an encoded picture; read to its end, not closed
     * @return predictions and maps; the photo is called {@value #UNNAMED}
     * @throws PhotoException if it cannot be read
     */
    default Explanation explain(InputStream photo) {
        return explain(photo, UNNAMED);
    }

    /**
     * Explains a photo from a stream.
     *
     * @param photo an encoded picture; read to its end, not closed
     * @param name what results and messages call the photo, for example the name of an uploaded file
     * @return predictions and maps
     * @throws PhotoException if it cannot be read
     */
    Explanation explain(InputStream photo, String name);

    /**
     * Explains a photo in memory.
     *
     * @param photo an encoded picture
     * @return predictions and maps; the photo is called {@value #UNNAMED}
     * @throws PhotoException if it cannot be read
     */
    default Explanation explain(byte[] photo) {
        return explain(photo, UNNAMED);
    }

    /**
     * Explains a photo in memory.
     *
     * @param photo an encoded picture
     * @param name what results and messages call the photo
     * @return predictions and maps
     * @throws PhotoException if it cannot be read
     */
    Explanation explain(byte[] photo, String name);

    /**
     * Explains a decoded photo.
     *
     * @param photo upright; kept by the explanation, so leave it alone
     * @return predictions and maps; the photo is called {@value #UNNAMED}
     */
    default Explanation explain(BufferedImage photo) {
        return explain(photo, UNNAMED);
    }

    /**
     * Explains a decoded photo.
     *
     * @param photo upright; kept by the explanation, so leave it alone
     * @param name what results and messages call the photo
     * @return predictions and maps
     */
    Explanation explain(BufferedImage photo, String name);

    /**
     * Explains a decoded photo at a size of its own, for networks that leave it open.
     *
     * @param photo upright; kept by the explanation, so leave it alone
     * @param height rows that the network shall see
     * @param width columns that the network shall see
     * @return predictions and maps; the photo is called {@value #UNNAMED}
     * @throws IllegalArgumentException if the network does not leave its size open and this is another
     */
    default Explanation explain(BufferedImage photo, int height, int width) {
        return explain(photo, UNNAMED, height, width);
    }

    /**
     * Explains a decoded photo at a size of its own, for networks that leave it open.
     *
     * @param photo upright; kept by the explanation, so leave it alone
     * @param name what results and messages call the photo
     * @param height rows that the network shall see
     * @param width columns that the network shall see
     * @return predictions and maps
     * @throws IllegalArgumentException if the network does not leave its size open and this is another
     */
    Explanation explain(BufferedImage photo, String name, int height, int width);

    /**
     * Explains several decoded photos in one run of the network.
     *
     * @param photos upright; kept by the explanations, so leave them alone
     * @return as many explanations, in order; empty for no photos. Each photo is called {@value #UNNAMED}
     */
    List<Explanation> explain(List<BufferedImage> photos);

    /**
     * Explains many photos: decoding, the network and the caller's work on the results overlap, and the results come in the photos'
     * order. What the caller does with a result therefore costs nothing as long as it is faster than the network.
     *
     * <pre>{@code
     * try (Stream<Path> photos = Files.list(folder); Stream<PhotoResult> results = mapper.explainAll(photos)) {
     *     results.forEach(result -> { ... });
     * }
     * }</pre>
     *
     * <p>A handful of photos is in memory at any time. The threads begin with the first result that is asked for; closing the
     * stream or interrupting its thread stops them, in the latter case with a {@link
     * java.util.concurrent.CancellationException}. A photo goes through the network alone, so that its bits do not depend on its
     * neighbours.
     *
     * <p>Whatever fails at one photo, an {@link Error} included, is its result. One that ran out of memory is tried again when nothing
     * else is decoded, since its neighbours may have filled the heap.
     *
     * @param photos files as for {@link #explain(Path)}; taken bit by bit, and closed with the results
     * @return a result for each photo, also for those that cannot be read; close it
     */
    Stream<PhotoResult> explainAll(Stream<Path> photos);
}
