package org.cam4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.event.IIOReadWarningListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A picture that one of ImageIO's readers decodes: JPEG, PNG, GIF, BMP or TIFF; past every colour conversion of ImageIO's, because
 * Pillow applies none.
 */
final class ReaderPicture implements EncodedPicture {

    private static final int RGB_BYTES = 4;
    private static final int INKS = 4;
    /** The values of TIFF's photometric tag for L*a*b*, in three encodings. */
    private static final int FIRST_LAB = 8;

    private static final int LAST_LAB = 10;

    private static final Logger LOG = LoggerFactory.getLogger(ReaderPicture.class);

    /** Pixels of a photo that is better kept whole. */
    private static final int FEW_PIXELS = 2_000_000;

    private final ImageReader reader;
    private final PictureTags tags;
    private final Optional<GifCanvas> canvas;

    private ReaderPicture(ImageReader reader, byte[] encoded) throws IOException {
        this.reader = reader;
        this.tags = PictureTags.read(encoded, reader.getFormatName());
        this.canvas = is("gif") ? Optional.of(GifCanvas.of(reader)) : Optional.empty();
    }

    static Optional<EncodedPicture> open(byte[] encoded) throws IOException {
        PictureStream stream = new PictureStream(EmbeddedProfile.removed(encoded));
        Optional<ImageReader> found = PictureReaders.of(stream);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ImageReader reader = found.get();
        try {
            reader.setInput(stream, false, true);
            return Optional.of(new ReaderPicture(reader, encoded));
        } catch (IOException | RuntimeException | Error e) {
            reader.dispose();
            throw e;
        }
    }

    private boolean is(String format) throws IOException {
        return reader.getFormatName().equalsIgnoreCase(format);
    }

    @Override
    public int width() throws IOException {
        return canvas.isPresent() ? canvas.get().width() : reader.getWidth(0);
    }

    @Override
    public int height() throws IOException {
        return canvas.isPresent() ? canvas.get().height() : reader.getHeight(0);
    }

    @Override
    public int bytesPerPixel() throws IOException {
        ImageTypeSpecifier stored = reader.getRawImageType(0);
        int decoded = RGB_BYTES;
        if (stored != null) {
            int sample = DataBuffer.getDataTypeSize(stored.getSampleModel().getDataType()) / Byte.SIZE;
            decoded = stored.getSampleModel().getNumDataElements() * sample;
        }
        // Inks as stored and as inks, then RGB; or samples and RGB; or RGB lying and upright.
        int whileConverted = hasInks(stored) ? INKS + INKS + RGB_BYTES : decoded + RGB_BYTES;
        return tags.orientation() == 1 ? whileConverted : Math.max(whileConverted, 2 * RGB_BYTES);
    }

    @Override
    public DecodedPhoto decode() throws IOException {
        return unlessTruncated(this::photo);
    }

    @Override
    public Optional<KeptParts> decodeParts(PhotoUse use) throws IOException {
        if ((long) width() * height() < FEW_PIXELS || !isReadInOrder(reader.getRawImageType(0))) {
            return Optional.empty();
        }
        Optional<KeptParts> parts = KeptParts.of(width(), height(), tags.orientation(), use);
        if (parts.isEmpty()) {
            return parts;
        }
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestination(PassedRows.to(parts.get(), width(), height()));
        try {
            unlessTruncated(() -> reader.read(0, param));
        } catch (IOException | RuntimeException e) {
            // Progressive files write their rows several times. Damaged ones are told from them when they are decoded
            // whole.
            LOG.debug("rows cannot be taken one by one", e);
            return Optional.empty();
        }
        return parts.filter(KeptParts::isComplete);
    }

    /** A step of decoding. */
    private interface Decoding<T> {
        T run() throws IOException;
    }

    private <T> T unlessTruncated(Decoding<T> decoding) throws IOException {
        List<String> warnings = new ArrayList<>();
        IIOReadWarningListener listener = (source, warning) -> warnings.add(warning);
        reader.addIIOReadWarningListener(listener);
        T decoded = decoding.run();
        reader.removeIIOReadWarningListener(listener);
        // libjpeg fills what is missing with grey and only warns.
        if (warnings.stream().anyMatch(warning -> warning.startsWith("Truncated File"))) {
            throw new IIOException("the JPEG data end before the picture does");
        }
        return decoded;
    }

    private DecodedPhoto photo() throws IOException {
        ImageTypeSpecifier stored = reader.getRawImageType(0);
        if (hasInks(stored) && reader.canReadRaster()) {
            return upright(RgbConversion.ofInks(CmykJpeg.inks(reader.readRaster(0, null), tags.adobeTransform())));
        }
        if (tags.photometric() >= FIRST_LAB && tags.photometric() <= LAST_LAB) {
            throw new UnreadableSamplesException("has its colours as CIE L*a*b*: save it in RGB.");
        }
        BufferedImage read = reader.read(0, unconverted(stored));
        if (read.getColorModel() instanceof ComponentColorModel
                && read.getRaster().getTransferType() == DataBuffer.TYPE_INT) {
            throw new UnreadableSamplesException(
                    "holds samples of 32 bits, whose range is unknown: save it with 8 or 16 bits.");
        }
        if (canvas.isPresent()) {
            return upright(canvas.get().with(read));
        }
        if (tags.premultiplied()) {
            return upright(RgbConversion.ofPremultiplied(read));
        }
        Optional<DecodedPhoto> asDecoded = DecodedPhoto.ofBytes(read, tags.orientation());
        return asDecoded.isPresent() ? asDecoded.get() : upright(RgbConversion.of(read));
    }

    private DecodedPhoto upright(BufferedImage rgb) {
        return DecodedPhoto.ofRgb(Orientation.upright(rgb, tags.orientation()));
    }

    private boolean hasInks(ImageTypeSpecifier stored) throws IOException {
        return stored != null && stored.getNumBands() == INKS && is("jpeg");
    }

    /** Asks for the samples as stored where the reader would otherwise apply a profile. */
    private ImageReadParam unconverted(ImageTypeSpecifier stored) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        if (isReadAsStored(stored)) {
            param.setDestinationType(stored);
        } else if (isReadInOrder(stored)) {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            param.setDestination(
                    RgbBytes.image(new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))], width, height));
        }
        return param;
    }

    private static boolean isReadAsStored(ImageTypeSpecifier stored) {
        if (stored == null) {
            return false;
        }
        ColorSpace space = stored.getColorModel().getColorSpace();
        return !space.isCS_sRGB() && space.getType() != ColorSpace.TYPE_GRAY;
    }

    /** Whether the picture is one of the most common JPEGs, whose colours libjpeg gives as bytes of red, green and blue. */
    private boolean isReadInOrder(ImageTypeSpecifier stored) throws IOException {
        return is("jpeg") && !hasInks(stored) && !isReadAsStored(stored) && givesColours();
    }

    /** Whether the reader would give 8 bits of blue, green and red, as for most JPEGs. */
    private boolean givesColours() throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        return types.hasNext() && types.next().getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR;
    }

    @Override
    public void close() {
        reader.dispose();
    }
}
