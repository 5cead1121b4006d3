package org.cam4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Optional;
import java.util.function.Supplier;
import org.cam4j.exception.PhotoException;

/**
 * A decoded photo, upright. Its pixels stay as the decoder wrote them, most often three bytes each, until an image of them is asked for:
 * networks and small pictures need few of them. Of a large photo that was decoded for a network alone only these are kept, with the encoded
 * file, which is decoded once more if anything else is asked for. The picture of prepared values is drawn when it is asked for.
 *
 * <p>Safe to share between threads. Do not modify the image that it was created from.
 */
public final class DecodedPhoto {

    private final int width;
    private final int height;
    private PixelSource pixels;
    private BufferedImage image;
    private final Optional<KeptParts> parts;
    private Supplier<DecodedPhoto> whole;

    private DecodedPhoto(int width, int height, PixelSource pixels, BufferedImage image) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.image = image;
        this.parts = Optional.empty();
    }

    private DecodedPhoto(int width, int height, Optional<KeptParts> parts, Supplier<DecodedPhoto> whole) {
        this.width = width;
        this.height = height;
        this.parts = parts;
        this.whole = whole;
    }

    /**
     * Creates a photo of which parts are kept.
     *
     * @param parts complete
     * @param whole decodes all of it
     */
    static DecodedPhoto of(KeptParts parts, Supplier<DecodedPhoto> whole) {
        return new DecodedPhoto(parts.width(), parts.height(), Optional.of(parts), whole);
    }

    /**
     * Creates the picture of an image that is prepared for a network. It is drawn when its pixels are asked for.
     *
     * @param image prepared values, finite
     * @param preprocessing what made values of pixels, if it is known
     * @return a picture of the image's size: its pixels if the preprocessing is known, otherwise its values stretched to the range of a
     *     picture
     */
    public static DecodedPhoto of(ImageInput image, Optional<Preprocessing> preprocessing) {
        return new DecodedPhoto(
                image.width(), image.height(), Optional.empty(), () -> ofRgb(PreparedPicture.of(image, preprocessing)));
    }

    /**
     * Wraps an image that the application has already. Its sample values are taken as they are, without a conversion between colour
     * spaces; it is taken to be upright.
     *
     * @param image any image of 8, 16 or 32-bit integer samples; not copied if it has 8 bits of red, green and blue
     * @return the photo
     * @throws PhotoException if its samples are floating-point numbers
     */
    public static DecodedPhoto of(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_INT_RGB
                ? ofRgb(image)
                : ofBytes(image, 1).orElseGet(() -> ofRgb(PhotoReader.toRgb(image)));
    }

    /** Wraps an image of type {@code TYPE_INT_RGB}. */
    static DecodedPhoto ofRgb(BufferedImage image) {
        return new DecodedPhoto(image.getWidth(), image.getHeight(), PixelSource.of(image), image);
    }

    /**
     * Wraps an image whose pixels have a byte for red, green and blue each, and perhaps one for alpha, which is dropped.
     *
     * @param exif its EXIF orientation, 1 to 8
     * @return empty for other images
     */
    static Optional<DecodedPhoto> ofBytes(BufferedImage image, int exif) {
        Raster raster = image.getRaster();
        if (!(image.getColorModel() instanceof ComponentColorModel colours)
                || colours.isAlphaPremultiplied()
                || colours.getColorSpace().getType() != ColorSpace.TYPE_RGB
                || colours.getComponentSize(0) != Byte.SIZE
                || raster.getTransferType() != DataBuffer.TYPE_BYTE
                || !(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
                || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
                || buffer.getNumBanks() != 1) {
            return Optional.empty();
        }
        int x = -raster.getSampleModelTranslateX();
        int y = -raster.getSampleModelTranslateY();
        int red = model.getOffset(x, y, 0);
        PixelSource.Bytes lying = new PixelSource.Bytes(
                buffer.getData(),
                buffer.getOffset() + red,
                model.getOffset(x, y, 1) - red,
                model.getOffset(x, y, 2) - red,
                model.getPixelStride(),
                model.getScanlineStride(),
                image.getWidth());
        boolean isTurned = exif > 4;
        return Optional.of(new DecodedPhoto(
                isTurned ? image.getHeight() : image.getWidth(),
                isTurned ? image.getWidth() : image.getHeight(),
                lying.upright(exif, image.getHeight()),
                null));
    }

    /** {@return columns} */
    public int width() {
        return width;
    }

    /** {@return rows} */
    public int height() {
        return height;
    }

    /**
     * Returns the photo as an image. Created by the first call, in 4 bytes a pixel, after which the decoder's bytes are released.
     *
     * @return of type {@code TYPE_INT_RGB}, always the same one: do not modify it
     * @throws PhotoException if the memory does not suffice
     */
    public synchronized BufferedImage image() {
        if (image == null) {
            load();
            try {
                BufferedImage made = copy();
                pixels = PixelSource.of(made);
                image = made;
            } catch (OutOfMemoryError e) {
                throw PictureLimits.outOfMemory("the photo of " + width + "x" + height + " pixels", e);
            }
        }
        return image;
    }

    /**
     * Shrinks the photo by area averaging: a pixel of the picture is the mean of all that it covers, parts of pixels by their share.
     *
     * @param pictureWidth columns of the picture, at most the photo's
     * @param pictureHeight rows of the picture, at most the photo's
     * @return a new image of type {@code TYPE_INT_RGB}; at the photo's own size a copy
     * @throws IllegalArgumentException if the picture is larger than the photo, or empty
     */
    public BufferedImage shrunk(int pictureWidth, int pictureHeight) {
        if (pictureWidth < 1 || pictureHeight < 1 || pictureWidth > width || pictureHeight > height) {
            throw new IllegalArgumentException("a photo of " + width + "x" + height + " pixels cannot be shrunk to "
                    + pictureWidth + "x" + pictureHeight + ": give 1 pixel to as many as it has.");
        }
        return parts.flatMap(kept -> kept.picture(pictureWidth, pictureHeight))
                .map(DecodedPhoto::copyOf)
                .orElseGet(() -> pictureWidth == width && pictureHeight == height
                        ? copy()
                        : AreaAverage.of(this, pictureWidth, pictureHeight));
    }

    private static BufferedImage copyOf(BufferedImage picture) {
        return ofRgb(picture).copy();
    }

    /**
     * Shrinks the photo so that its longer side has at most the given pixels; a smaller photo keeps its size.
     *
     * @param longestSide pixels, at least 1
     * @return a new image of type {@code TYPE_INT_RGB}
     */
    public BufferedImage fitted(int longestSide) {
        int longest = Math.max(width, height);
        return shrunk(fitted(width, longest, longestSide), fitted(height, longest, longestSide));
    }

    /** The length of one side in a picture whose longer side has at most the given pixels. */
    static int fitted(int length, int longest, int longestSide) {
        double scale = Math.min(1, (double) longestSide / longest);
        return Math.max(1, (int) Math.round(length * scale));
    }

    private BufferedImage copy() {
        BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] rgb = ((DataBufferInt) copy.getRaster().getDataBuffer()).getData();
        PixelSource source = pixels();
        for (int y = 0; y < height; y++) {
            source.read(y, rgb, y * width);
        }
        return copy;
    }

    /** The pixels where they lie. */
    synchronized PixelSource pixels() {
        load();
        return pixels;
    }

    /** Decodes the photo once more if only parts of it are kept; draws it if it is prepared values. */
    private void load() {
        if (pixels == null) {
            pixels = whole.get().pixels();
            whole = null;
        }
    }

    /** The pixels in which some columns and rows cross; perhaps more. */
    PixelSamples samples(Interpolation.Taps columns, Interpolation.Taps rows) {
        return parts.map(KeptParts::samples)
                .filter(kept -> kept.has(columns, rows))
                .<PixelSamples>map(kept -> kept)
                .orElseGet(this::pixels);
    }
}
