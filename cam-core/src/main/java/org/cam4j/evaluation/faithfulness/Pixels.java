package org.cam4j.evaluation.faithfulness;

import java.awt.image.BufferedImage;

/** The pixels of a picture, {@code 0xRRGGBB}, to be changed and made a picture again. */
final class Pixels {

    private Pixels() {}

    /** A copy, [height, width], row-major. */
    static int[] of(BufferedImage picture) {
        int width = picture.getWidth();
        return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
    }

    /** A picture of pixels. */
    static BufferedImage picture(int[] pixels, int width) {
        int height = pixels.length / width;
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, pixels, 0, width);
        return picture;
    }

    /** One channel of all pixels: 16 for red, 8 for green, 0 for blue. */
    static double[] channel(int[] pixels, int shift) {
        double[] channel = new double[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            channel[i] = pixels[i] >> shift & 0xFF;
        }
        return channel;
    }

    /** Puts a channel in, rounded and clipped to [0, 255]. */
    static void setChannel(int[] pixels, int shift, double[] channel) {
        for (int i = 0; i < pixels.length; i++) {
            int level = (int) Math.round(Math.max(0, Math.min(255, channel[i])));
            pixels[i] = (pixels[i] & ~(0xFF << shift)) | (level << shift);
        }
    }

    /** The mean colour, rounded. */
    static int mean(int[] pixels) {
        int mean = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            long sum = 0;
            for (int pixel : pixels) {
                sum += pixel >> shift & 0xFF;
            }
            mean |= (int) Math.round((double) sum / pixels.length) << shift;
        }
        return mean;
    }
}
