package org.cam4j.spark;

import java.awt.image.BufferedImage;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.Quoted;

/**
 * Spark's image structs: {@code data} holds rows of pixels, one, three (blue, green, red) or four (and alpha) bytes each.
 */
final class ImageStruct {

    /** The fields that are read. */
    static final List<String> FIELDS = List.of("origin", "height", "width", "nChannels", "data");

    private ImageStruct() {}

    /** Where the photo comes from. */
    static String name(Row image) {
        String origin = image.getAs("origin");
        return origin == null || origin.isEmpty() ? "image" : origin;
    }

    /**
     * Returns a struct's photo; alpha is dropped, as for files.
     *
     * @throws PhotoException if its numbers contradict each other, or it is too large
     */
    static BufferedImage photo(Row image, String name, long maxPixels) {
        int height = number(image, "height");
        int width = number(image, "width");
        int channels = number(image, "nChannels");
        byte[] data = image.getAs("data");
        if (height < 1 || width < 1 || !(channels == 1 || channels == 3 || channels == 4) || data == null) {
            throw new PhotoException("photo " + Quoted.of(name) + " is no picture: its struct says " + width + "x"
                    + height
                    + " pixels of " + channels + " channels. Spark's image source leaves such structs for files that it"
                    + " cannot read.");
        }
        long pixels = (long) height * width;
        if (pixels > maxPixels) {
            throw new PhotoException("photo " + Quoted.of(name) + " has " + pixels + " pixels, more than the limit of "
                    + maxPixels + ": shrink it, or raise maxPixels.");
        }
        if (data.length != pixels * channels) {
            throw new PhotoException("photo " + Quoted.of(name) + " has " + data.length + " bytes for " + width + "x"
                    + height + " pixels of " + channels + " channels: its struct is damaged.");
        }
        int[] rgb = new int[(int) pixels];
        for (int i = 0; i < rgb.length; i++) {
            int at = i * channels;
            int blue = data[at] & 0xff;
            int green = channels == 1 ? blue : data[at + 1] & 0xff;
            int red = channels == 1 ? blue : data[at + 2] & 0xff;
            rgb[i] = red << 16 | green << 8 | blue;
        }
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        photo.getRaster().setDataElements(0, 0, width, height, rgb);
        return photo;
    }

    private static int number(Row image, String field) {
        Integer number = image.getAs(field);
        return number == null ? -1 : number;
    }
}
