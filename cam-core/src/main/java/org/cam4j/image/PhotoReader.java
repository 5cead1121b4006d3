package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import javax.imageio.IIOException;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.Quoted;

/**
 * Reads photos as Keras users get them: JPEG, PNG, WebP, GIF (first frame), BMP and TIFF (first page), upright and in RGB.
 *
 * <p>Every picture comes back as {@code TYPE_INT_RGB} with the values that Pillow's {@code convert("RGB")} gives, which is what
 * {@code load_img} calls: alpha is dropped, not composed onto a background; palettes are looked up; grey is repeated; CMYK is
 * {@code (255 - ink) · (255 - black) / 255}; embedded colour profiles and gamma are ignored. There are three differences. 16-bit grey
 * keeps its upper eight bits, like 16-bit colour, where Pillow clips everything above 255 to white. Samples whose range is unknown
 * (floating-point, signed, 32 bits) and L*a*b* are refused. And the EXIF orientation of JPEG, PNG, WebP and TIFF is applied, which
 * Pillow leaves to the caller for all but TIFF; an unreadable EXIF block counts as upright. All formats agree
 * with Pillow bit for bit, but for YCbCr in TIFF without JPEG, which is off by at most 1.
 *
 * <p>Of an animation the first frame is read, on its canvas. The decoders are always the same: ImageIO's plug-ins and settings, the
 * thread's context class loader and {@code META-INF/services} have no say. Whatever happens to a photo, memory that runs out
 * included, becomes a {@link PhotoException}. Immutable and safe to share between threads.
 */
public final class PhotoReader {

    private static final Pattern UNKNOWN_KIND = Pattern.compile("\\b(Unsupported|Unknown) TIFF\\b");
    private static final PhotoReader STANDARD = new PhotoReader(100_000_000, Optional.empty(), Optional.empty());

    private final long maxPixels;
    private final Optional<PhotoUse> use;
    private final Optional<PhotoMemory.Held> memory;

    private PhotoReader(long maxPixels, Optional<PhotoUse> use, Optional<PhotoMemory.Held> memory) {
        this.maxPixels = maxPixels;
        this.use = use;
        this.memory = memory;
    }

    /**
     * The reader for ordinary photos: up to 100 million pixels.
     *
     * @return the reader
     */
    public static PhotoReader standard() {
        return STANDARD;
    }

    /** Decodes a tiny JPEG, made for this, of 16x16 pixels of one green, so that the first photo finds its decoder loaded. */
    public static void warmUp() {
        try (InputStream photo = PhotoReader.class.getResourceAsStream("warm-up.jpg")) {
            STANDARD.decode(photo, "warm-up.jpg");
        } catch (IOException e) {
            throw new UncheckedIOException("the JPEG for warming up cannot be read", e);
        }
    }

    /**
     * A reader with another limit. A picture takes up to twelve bytes a pixel while it is read, and four afterwards; one that does
     * not fit into Java's heap is refused whatever the limit.
     *
     * @param maxPixels width times height allowed, at least 1
     * @return the reader
     */
    public PhotoReader withMaxPixels(long maxPixels) {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("the limit must be at least one pixel, not " + maxPixels);
        }
        return new PhotoReader(maxPixels, use, memory);
    }

    /**
     * A reader of photos for a network, which does not keep large ones whole: {@link DecodedPhoto} then has the pixels that the network's
     * input is sampled from, and pictures of some sizes, and decodes the file once more if anything else is asked for. The values are the
     * same; time and memory are less for JPEGs of 2 million pixels and more.
     *
     * @param preparation how the network sees the photos; if it reads all pixels, as {@link Interpolation#LANCZOS}, photos are kept whole
     * @param longestSides the pictures that will be drawn of each photo, as for {@link DecodedPhoto#fitted}; a photo that is no larger is kept
     *     whole
     * @return the reader
     */
    public PhotoReader keepingOnly(ImagePreparation preparation, List<Integer> longestSides) {
        return new PhotoReader(maxPixels, Optional.of(new PhotoUse(preparation, longestSides)), memory);
    }

    /** A reader that takes what photos need of a memory that others use too, before it decodes them whole. */
    PhotoReader within(PhotoMemory.Held held) {
        return new PhotoReader(maxPixels, use, Optional.of(held));
    }

    private PhotoReader keepingAll() {
        return new PhotoReader(maxPixels, Optional.empty(), memory);
    }

    /**
     * Reads a file.
     *
     * @param file the photo
     * @return the photo, upright, of type {@code TYPE_INT_RGB}
     * @throws PhotoException if it is missing, a directory, a device or a pipe, empty, no picture, damaged, cut short or too large
     */
    public BufferedImage read(Path file) {
        return decode(file).image();
    }

    /**
     * Decodes a file, without an image of its pixels.
     *
     * @param file the photo
     * @return the photo, upright
     * @throws PhotoException as {@link #read(Path)}
     */
    public DecodedPhoto decode(Path file) {
        String name = "photo '" + file + "'";
        if (Files.isDirectory(file)) {
            throw new PhotoException(name + " is a directory: give the path of a picture in it.");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // Opening a pipe that nothing is written to waits without end.
            throw new PhotoException(
                    name + " is a device or a pipe: give the path of an ordinary file, or read it as a stream.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return decoded(bytes(in, name), name);
        } catch (NoSuchFileException e) {
            throw new PhotoException(name + " does not exist: check the path.", e);
        } catch (IOException e) {
            throw new PhotoException(name + " cannot be read (" + e + "): check that it may be opened.", e);
        }
    }

    /**
     * Reads a stream to its end; closing it is the caller's.
     *
     * @param in the encoded photo
     * @return the photo, upright, of type {@code TYPE_INT_RGB}
     * @throws PhotoException if the stream fails, is empty, no picture, damaged, cut short or too large
     */
    public BufferedImage read(InputStream in) {
        return decodeStream(in, "the photo in the stream").image();
    }

    /**
     * Reads a stream to its end; closing it is the caller's.
     *
     * @param in the encoded photo
     * @param name what messages call the photo
     * @return the photo, upright, of type {@code TYPE_INT_RGB}
     * @throws PhotoException if the stream fails, is empty, no picture, damaged, cut short or too large
     */
    public BufferedImage read(InputStream in, String name) {
        return decode(in, name).image();
    }

    /**
     * Decodes a stream to its end, without an image of the pixels; closing it is the caller's.
     *
     * @param in the encoded photo
     * @param name what messages call the photo
     * @return the photo, upright
     * @throws PhotoException as {@link #read(InputStream, String)}
     */
    public DecodedPhoto decode(InputStream in, String name) {
        return decodeStream(in, "photo " + Quoted.of(name));
    }

    private DecodedPhoto decodeStream(InputStream in, String name) {
        try {
            return decoded(bytes(in, name), name);
        } catch (IOException e) {
            throw new PhotoException(name + " cannot be read (" + e + "): check where the stream comes from.", e);
        }
    }

    /**
     * Reads an encoded photo.
     *
     * @param encoded a whole file; it is not changed
     * @return the photo, upright, of type {@code TYPE_INT_RGB}
     * @throws PhotoException if it is empty, no picture, damaged, cut short or too large
     */
    public BufferedImage read(byte[] encoded) {
        return decoded(encoded, "the photo of " + encoded.length + " bytes").image();
    }

    /**
     * Reads an encoded photo.
     *
     * @param encoded a whole file; it is not changed
     * @param name what messages call the photo
     * @return the photo, upright, of type {@code TYPE_INT_RGB}
     * @throws PhotoException if it is empty, no picture, damaged, cut short or too large
     */
    public BufferedImage read(byte[] encoded, String name) {
        return decode(encoded, name).image();
    }

    /**
     * Decodes an encoded photo, without an image of its pixels.
     *
     * @param encoded a whole file; it is not changed
     * @param name what messages call the photo
     * @return the photo, upright
     * @throws PhotoException as {@link #read(byte[], String)}
     */
    public DecodedPhoto decode(byte[] encoded, String name) {
        // The caller may use the array again before the photo is decoded once more.
        return decoded(use.isPresent() ? encoded.clone() : encoded, "photo " + Quoted.of(name));
    }

    /**
     * An image that the application has already, as {@link #read(Path)} would give it. Its sample values are taken as they are, without
     * a conversion between colour spaces; it is taken to be upright.
     *
     * @param image any image of 8, 16 or 32-bit integer samples; it is not changed
     * @return the same image if it is of type {@code TYPE_INT_RGB}, otherwise a copy that is
     * @throws PhotoException if its samples are floating-point numbers
     */
    public static BufferedImage toRgb(BufferedImage image) {
        try {
            return image.getType() == BufferedImage.TYPE_INT_RGB ? image : RgbConversion.of(image);
        } catch (UnreadableSamplesException e) {
            throw new PhotoException("the image " + e.getMessage(), e);
        }
    }

    private byte[] bytes(InputStream in, String name) throws IOException {
        // No picture within the limit needs more: four 16-bit samples a pixel, uncompressed, and 64 MiB around them.
        int most = (int) Math.min(Integer.MAX_VALUE - 16, (Math.min(maxPixels, 1L << 31) << 3) + (64 << 20));
        byte[] bytes = readUpTo(in, most, name);
        if (bytes.length == most && in.read() >= 0) {
            throw new PhotoException(name + " has more than " + most + " bytes, too many for a picture of " + maxPixels
                    + " pixels: shrink it, or raise the limit with PhotoReader.withMaxPixels.");
        }
        return bytes;
    }

    private static byte[] readUpTo(InputStream in, int most, String name) throws IOException {
        try {
            return in.readNBytes(most);
        } catch (OutOfMemoryError e) {
            throw PictureLimits.outOfMemory(name, e);
        }
    }

    private DecodedPhoto decoded(byte[] encoded, String name) {
        if (encoded.length == 0) {
            throw new PhotoException(name + " is empty: expected a picture.");
        }
        try (EncodedPicture picture = opened(encoded, name)) {
            PictureLimits.requireFewPixels(picture, maxPixels, name);
            Optional<KeptParts> parts = use.isPresent() ? picture.decodeParts(use.get()) : Optional.empty();
            if (parts.isPresent()) {
                return DecodedPhoto.of(parts.get(), () -> keepingAll().decoded(encoded, name));
            }
            long needed = PictureLimits.requireHeap(picture, encoded.length, name);
            memory.ifPresent(held -> held.take(needed));
            return picture.decode();
        } catch (UnreadableSamplesException e) {
            throw new PhotoException(name + " " + e.getMessage(), e);
        } catch (PhotoException | CancellationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            Optional<OutOfMemoryError> lack = lackOfMemory(e);
            if (lack.isPresent()) {
                throw PictureLimits.outOfMemory(name, lack.get());
            }
            if (e instanceof IIOException
                    && UNKNOWN_KIND.matcher(String.valueOf(e.getMessage())).find()) {
                throw new PhotoException(
                        name + " is of a kind that its decoder does not know (" + e.getMessage()
                                + "): save it as JPEG or PNG.",
                        e);
            }
            // Decoders answer damaged files with any exception; all mean the same.
            throw new PhotoException(name + " is damaged or cut short (" + e + "): save or fetch it again.", e);
        } catch (OutOfMemoryError e) {
            throw PictureLimits.outOfMemory(name, e);
        } catch (LinkageError e) {
            throw new PhotoException(
                    name + " cannot be decoded (" + e + "): the jars of com.twelvemonkeys.imageio and"
                            + " com.twelvemonkeys.common on the classpath do not fit each other. Take the versions that cam-core"
                            + " declares.",
                    e);
        } catch (StackOverflowError e) {
            throw new PhotoException(name + " is nested too deeply for its decoder: save or fetch it again.", e);
        }
    }

    private static EncodedPicture opened(byte[] encoded, String name) throws IOException {
        return EncodedPicture.open(encoded)
                .orElseThrow(
                        () -> new PhotoException(
                                name + " "
                                        + ForeignPhoto.of(encoded)
                                                .map(ForeignPhoto::words)
                                                .orElse(
                                                        "is not a picture in a known format: expected JPEG, PNG, WebP, GIF, BMP or TIFF.")));
    }

    /** The cause that a decoder wrapped into an exception of its own. */
    private static Optional<OutOfMemoryError> lackOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError memory) {
                return Optional.of(memory);
            }
        }
        return Optional.empty();
    }
}
