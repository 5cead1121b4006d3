package org.cam4j.image;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.png.PngChunk;
import com.drew.imaging.png.PngChunkReader;
import com.drew.imaging.png.PngChunkType;
import com.drew.imaging.png.PngProcessingException;
import com.drew.imaging.tiff.TiffMetadataReader;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.StreamReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.adobe.AdobeJpegDirectory;
import com.drew.metadata.adobe.AdobeJpegReader;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata of a photo beside its pixels. What is missing or unreadable has its default: a photo is not lost to a damaged
 * tag.
 *
 * @param orientation EXIF's, 1 to 8; 1 is upright
 * @param adobeTransform the colour transform of a JPEG's Adobe marker: 2 for YCCK, 0 for none
 * @param photometric the colours of a TIFF: its tag 262, -1 if there is none
 * @param premultiplied whether the colours of a TIFF are multiplied with its alpha
 */
record PictureTags(int orientation, int adobeTransform, int photometric, boolean premultiplied) {

    private static final Logger LOG = LoggerFactory.getLogger(PictureTags.class);
    private static final int UPRIGHT = 1;
    private static final int ASSOCIATED_ALPHA = 1;
    private static final PictureTags NONE = new PictureTags(UPRIGHT, 0, -1, false);

    /**
     * Reads the tags of an encoded picture.
     *
     * @param encoded the whole file
     * @param format ImageIO's name of its format, in any case
     */
    static PictureTags read(byte[] encoded, String format) {
        try {
            Metadata metadata = metadata(encoded, format.toLowerCase(Locale.ROOT));
            Directory image = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            int orientation = tag(image, ExifIFD0Directory.TAG_ORIENTATION, UPRIGHT);
            int transform = tag(
                    metadata.getFirstDirectoryOfType(AdobeJpegDirectory.class),
                    AdobeJpegDirectory.TAG_COLOR_TRANSFORM,
                    0);
            return new PictureTags(
                    orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT,
                    transform,
                    tag(image, ExifIFD0Directory.TAG_PHOTOMETRIC_INTERPRETATION, -1),
                    tag(image, ExifIFD0Directory.TAG_EXTRA_SAMPLES, 0) == ASSOCIATED_ALPHA);
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            LOG.debug("unreadable tags in a {} picture, taken as upright", format, e);
            return NONE;
        }
    }

    private static int tag(Directory directory, int tag, int otherwise) {
        Integer value = directory == null ? null : directory.getInteger(tag);
        return value == null ? otherwise : value;
    }

    /** Only the blocks that matter: XMP, profiles and compressed text are left unopened where the format allows. */
    private static Metadata metadata(byte[] encoded, String format) throws ImageProcessingException, IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(encoded);
        return switch (format) {
            case "jpeg", "jpg" -> JpegMetadataReader.readMetadata(in, List.of(new ExifReader(), new AdobeJpegReader()));
            case "png" -> png(in);
            case "webp" -> WebpMetadataReader.readMetadata(in);
            case "tiff", "tif" -> TiffMetadataReader.readMetadata(new ByteArrayReader(encoded));
            default -> new Metadata();
        };
    }

    private static Metadata png(ByteArrayInputStream in) throws PngProcessingException, IOException {
        Metadata metadata = new Metadata();
        for (PngChunk chunk : new PngChunkReader().extract(new StreamReader(in), Set.of(PngChunkType.eXIf))) {
            new ExifReader().extract(new ByteArrayReader(chunk.getBytes()), metadata);
        }
        return metadata;
    }
}
