package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.cam4j.exception.PhotoException;

/**
 * Reads photos as Keras users get them: JPEG, PNG, WebP, GIF (first frame), BMP and TIFF (first page), upright and in RGB.
 *
 * <p>Every picture comes back as {@code TYPE_INT_RGB} with the values that Pillow's {@code convert("RGB")} gives, which is what
 * {@code load_img} calls: alpha is dropped, not composed onto a background; palettes are looked up; grey is repeated; CMYK is
 * {@code (255 - ink) · (255 - black) / 255}; embedded colour profiles and gamma are ignored. There are two differences. 16-bit grey
 * keeps its upper eight bits, like 16-bit colour, where Pillow clips everything above 255 to white. And the EXIF orientation of JPEG,
 * PNG, WebP and TIFF is applied, which Pillow leaves to the caller for all but TIFF; an unreadable EXIF block counts as upright.
 * JPEG, PNG, GIF, BMP, TIFF and lossless WebP agree with Pillow bit for bit; lossy WebP within about one grey level on average,
 * because the decoder repeats chroma samples where Pillow's interpolates them.
 *
 * <p>Formats are decoded by the ImageIO plug-ins on the classpath; a jar that repackages cam4j must merge
 * {@code META-INF/services}. Immutable and safe to share between threads.
 */
public final class PhotoReader {

    private static final PhotoReader STANDARD = new PhotoReader(100_000_000);

    private final long maxPixels;

    private PhotoReader(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /**
     * The reader for ordinary photos: up to 100 million pixels.
     *
     * @return the reader
     */
    public static PhotoReader standard() {
        return STANDARD;
    }

    /** Loads ImageIO's plug-ins and the native code of the most common kind of picture, so that the first photo need not. */
    public static void warmUp() {
        ImageIO.getImageReadersByFormatName("jpeg").forEachRemaining(ImageReader::dispose);
    }

    /**
     * A reader with another limit. A picture takes up to twelve bytes a pixel while it is read, and four afterwards.
     *
     * @param maxPixels width times height allowed, at least 1
     * @return the reader
     */
    public PhotoReader withMaxPixels(long maxPixels) {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("the limit must be at least one pixel, not " + maxPixels);
        }
        return new PhotoReader(maxPixels);
    }

    /**
     * Reads a file.
     *
     * @param file the photo
     * @return the photo, upright, of type {@code TYPE_INT_RGB}
     * @throws PhotoException if it is missing, a directory, empty, no picture, damaged, cut short or too large
     */
    public BufferedImage read(Path file) {
        String name = "photo '" + file + "'";
        if (Files.isDirectory(file)) {
            throw new PhotoException(name + " is a directory: give the path of a picture in it.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return decode(bytes(in, name), name);
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
        String name = "the photo in the stream";
        try {
            return decode(bytes(in, name), name);
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
        return decode(encoded, "the photo of " + encoded.length + " bytes");
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
        return image.getType() == BufferedImage.TYPE_INT_RGB ? image : RgbConversion.of(image);
    }

    private byte[] bytes(InputStream in, String name) throws IOException {
        // No picture within the limit needs more: four 16-bit samples a pixel, uncompressed, and 64 MiB around them.
        int most = (int) Math.min(Integer.MAX_VALUE - 16, (Math.min(maxPixels, 1L << 31) << 3) + (64 << 20));
        byte[] bytes = in.readNBytes(most);
        if (bytes.length == most && in.read() >= 0) {
            throw new PhotoException(name + " has more than " + most + " bytes, too many for a picture of " + maxPixels
                    + " pixels: shrink it, or raise the limit with PhotoReader.withMaxPixels.");
        }
        return bytes;
    }

    private BufferedImage decode(byte[] encoded, String name) {
        if (encoded.length == 0) {
            throw new PhotoException(name + " is empty: expected a picture.");
        }
        try (ImageInputStream stream = new PictureStream(EmbeddedProfile.removed(encoded))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new PhotoException(
                        name + " is not a picture in a known format: expected JPEG, PNG, WebP, GIF, BMP or TIFF.");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, false, true);
                checkSize(reader.getWidth(0), reader.getHeight(0), name);
                return PhotoDecoder.decode(reader, encoded);
            } finally {
                reader.dispose();
            }
        } catch (PhotoException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Decoders answer damaged files with any exception; all mean the same.
            throw new PhotoException(name + " is damaged or cut short (" + e + "): save or fetch it again.", e);
        }
    }

    private void checkSize(int width, int height, String name) {
        long pixels = (long) width * height;
        if (pixels > Math.min(maxPixels, Integer.MAX_VALUE - 16)) {
            throw new PhotoException(name + " has " + width + "x" + height + " = " + pixels + " pixels, more than the "
                    + maxPixels + " allowed: shrink it, or raise the limit with PhotoReader.withMaxPixels.");
        }
    }
}
