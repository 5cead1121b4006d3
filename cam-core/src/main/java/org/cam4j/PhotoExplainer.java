package org.cam4j;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.exception.PhotoException;
import org.cam4j.image.DecodedPhoto;

/**
 * Explains photos: JPEG, PNG, WebP, GIF, BMP or TIFF files in, predictions and class activation maps out.
 *
 * <p>All methods but those for tensors throw {@link IllegalStateException} if no preprocessing is set, and all throw
 * {@link PhotoException} if the network's scores or activations of a photo are not finite.
 */
public interface PhotoExplainer {

    /** The {@link Explanation#name()} of a photo without a name. */
    String UNNAMED = "image";

    /**
     * Explains a photo in a file; results and messages use the file's name.
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
     * @param name the photo's name in results and messages, for example that of an uploaded file
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
     * @param photo upright; not copied, and the explanation keeps it: do not modify it
     * @return predictions and maps; the photo is called {@value #UNNAMED}
     */
    default Explanation explain(BufferedImage photo) {
        return explain(photo, UNNAMED);
    }

    /**
     * Explains a decoded photo.
     *
     * @param photo upright; not copied, and the explanation keeps it: do not modify it
     * @param name what results and messages call the photo
     * @return predictions and maps
     */
    Explanation explain(BufferedImage photo, String name);

    /**
     * Explains a decoded photo whose pixels lie as {@link org.cam4j.image.PhotoReader#decode} left them.
     *
     * @param photo upright; kept by the explanation
     * @param name what results and messages call the photo
     * @return predictions and maps
     */
    Explanation explain(DecodedPhoto photo, String name);

    /**
     * Explains a decoded photo at the given input size, for networks that take images of any size.
     *
     * @param photo upright; not copied, and the explanation keeps it: do not modify it
     * @param height rows of the network's input
     * @param width columns of the network's input
     * @return predictions and maps; the photo is called {@value #UNNAMED}
     * @throws IllegalArgumentException if the network takes one size only and this is another
     */
    default Explanation explain(BufferedImage photo, int height, int width) {
        return explain(photo, UNNAMED, height, width);
    }

    /**
     * Explains a decoded photo at the given input size, for networks that take images of any size.
     *
     * @param photo upright; not copied, and the explanation keeps it: do not modify it
     * @param name what results and messages call the photo
     * @param height rows of the network's input
     * @param width columns of the network's input
     * @return predictions and maps
     * @throws IllegalArgumentException if the network takes one size only and this is another
     */
    Explanation explain(BufferedImage photo, String name, int height, int width);

    /**
     * Explains images that are prepared already. No preprocessing needs to be set. The explanations' photos are pictures
     * drawn of the images: their pixels if the preprocessing is known, otherwise their values stretched to the
     * range of a picture.
     *
     * @param images of the size of the network's input
     * @return one explanation per image, in order; up to 64 images at a time are one batch, whose activations their explanations share
     * @throws PhotoException if the images have another size, hold pixels for a network that takes other values, or cannot be read
     */
    List<Explanation> explain(InputTensor images);

    /**
     * Explains one of several images that are prepared already, as {@link #explain(InputTensor)} does.
     *
     * @param images of the size of the network's input
     * @param image the image's index, in [0, n)
     * @return predictions and maps; the photo is called as {@link InputTensor#name} says
     * @throws PhotoException if the images have another size, hold pixels for a network that takes other values, or cannot be read
     */
    Explanation explain(InputTensor images, int image);

    /**
     * Explains several decoded photos in one run of the network.
     *
     * @param photos upright; not copied, and the explanations keep them: do not modify them
     * @return one explanation per photo, in order; empty for no photos. Each photo is called {@value #UNNAMED}
     */
    List<Explanation> explain(List<BufferedImage> photos);

    /**
     * Explains many photos and returns the results in the photos' order. Decoding, the network and the caller's work on the results
     * overlap: as long as the caller is faster than the network, its work costs no time.
     *
     * <pre>{@code
     * try (Stream<Path> photos = Files.list(folder); Stream<PhotoResult> results = mapper.explainAll(photos)) {
     *     results.forEach(result -> { ... });
     * }
     * }</pre>
     *
     * <p>At most eight photos are in process at any time. The threads start when the caller asks for the first result. They stop when the
     * stream is closed, or when the calling thread is interrupted, which then gets a {@link
     * java.util.concurrent.CancellationException}. Each photo is one run of the network, so that its bits do not depend on the other
     * photos.
     *
     * <p>If a photo fails, even with an {@link Error}, the failure is its result. If it ran out of memory, it is tried once more while
     * nothing else is decoded, because other photos may have filled the heap.
     *
     * @param photos files as for {@link #explain(Path)}; read lazily, and closed with the results
     * @return one result per photo, also for photos that cannot be read; the caller closes the stream
     */
    Stream<PhotoResult> explainAll(Stream<Path> photos);

    /**
     * Explains many photos that are no files, as {@link #explainAll} does.
     *
     * <pre>{@code
     * Stream<NamedPhoto> uploads = files.stream().map(file -> NamedPhoto.of(file.name(), file.bytes()));
     * try (Stream<PhotoResult> results = mapper.explainNamed(uploads)) {
     *     results.forEach(result -> { ... });
     * }
     * }</pre>
     *
     * @param photos read lazily, and closed with the results
     * @return one result per photo, in order, whose {@link PhotoResult#photo()} is the name as a path; the caller closes the stream
     */
    Stream<PhotoResult> explainNamed(Stream<NamedPhoto> photos);
}
