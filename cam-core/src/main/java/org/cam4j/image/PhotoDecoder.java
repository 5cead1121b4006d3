package org.cam4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

/** One encoded picture to upright RGB, past every colour conversion of ImageIO's, because Pillow makes none. */
final class PhotoDecoder {

    private PhotoDecoder() {}

    /**
     * Decodes the first picture of a file.
     *
     * @param reader of the file's format, its input set
     * @param encoded the whole file, for its tags
     * @return the picture, upright, of type {@code TYPE_INT_RGB}
     */
    static BufferedImage decode(ImageReader reader, byte[] encoded) throws IOException {
        String format = reader.getFormatName();
        if (format.equalsIgnoreCase("webp")) {
            checkWhole(encoded);
        }
        PictureTags tags = PictureTags.read(encoded, format);
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        ImageTypeSpecifier stored = reader.getRawImageType(0);
        BufferedImage rgb;
        if (stored != null && stored.getNumBands() == 4 && format.equalsIgnoreCase("jpeg") && reader.canReadRaster()) {
            rgb = RgbConversion.ofInks(CmykJpeg.inks(reader.readRaster(0, null), tags.adobeTransform()));
        } else {
            rgb = RgbConversion.of(reader.read(0, unconverted(reader, stored)));
        }
        // libjpeg fills what is missing with grey and only warns.
        if (warnings.stream().anyMatch(warning -> warning.startsWith("Truncated File"))) {
            throw new IIOException("the JPEG data end before the picture does");
        }
        return Orientation.upright(rgb, tags.orientation());
    }

    /** The WebP reader decodes nonsense past the end of a file; the length in its header tells. */
    private static void checkWhole(byte[] webp) throws IIOException {
        long declared = 8
                + Integer.toUnsignedLong(
                        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
        if (webp.length < declared) {
            throw new IIOException("the WebP header promises " + declared + " bytes, the file has " + webp.length);
        }
    }

    /** Asks for the samples as stored where the reader would otherwise apply a profile. */
    private static ImageReadParam unconverted(ImageReader reader, ImageTypeSpecifier stored) {
        ImageReadParam param = reader.getDefaultReadParam();
        if (stored != null) {
            ColorSpace space = stored.getColorModel().getColorSpace();
            if (!space.isCS_sRGB() && space.getType() != ColorSpace.TYPE_GRAY) {
                param.setDestinationType(stored);
            }
        }
        return param;
    }
}
