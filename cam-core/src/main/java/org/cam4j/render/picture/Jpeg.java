package org.cam4j.render.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.cam4j.image.PictureMark;
import org.cam4j.image.RgbBytes;

/** JPEG for pages that hold many photos. */
public final class Jpeg {

    private Jpeg() {}

    /**
     * Adds {@link PictureMark}.
     *
     * @param jpeg a whole file
     * @return a new file
     */
    public static byte[] signed(byte[] jpeg) {
        byte[] mark = PictureMark.ofJpeg();
        // Behind the file's first marker and the segment of JFIF, which must come first.
        int at = 4 + ((jpeg[4] & 0xff) << 8 | (jpeg[5] & 0xff));
        return ByteBuffer.allocate(jpeg.length + mark.length)
                .put(jpeg, 0, at)
                .put(mark)
                .put(jpeg, at, jpeg.length - at)
                .array();
    }

    /**
     * The bytes of a picture's file.
     *
     * @param picture opaque RGB
     * @param quality in (0, 1]
     */
    public static byte[] encode(BufferedImage picture, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(inBytes(picture), null, null), settings);
        } catch (IOException e) {
            throw new IllegalStateException("a picture could not be written to memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static BufferedImage inBytes(BufferedImage picture) {
        int[] pixels = Canvas.pixels(Canvas.isOne(picture) ? picture : Canvas.copyOf(picture));
        byte[] bytes = new byte[Math.multiplyExact(3, pixels.length)];
        for (int i = 0, at = 0; i < pixels.length; i++, at += 3) {
            bytes[at] = (byte) (pixels[i] >> 16);
            bytes[at + 1] = (byte) (pixels[i] >> 8);
            bytes[at + 2] = (byte) pixels[i];
        }
        return RgbBytes.image(bytes, picture.getWidth(), picture.getHeight());
    }
}
