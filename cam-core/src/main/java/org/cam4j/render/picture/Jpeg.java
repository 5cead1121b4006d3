package org.cam4j.render.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** JPEG for pages that hold many photos. */
public final class Jpeg {

    private Jpeg() {}

    /** JPEG's marker for a comment. */
    private static final byte[] COMMENT = {(byte) 0xff, (byte) 0xfe};

    /**
     * Adds the comment {@code Software cam4j}: a picture that is a result can be told from the photos beside it.
     *
     * @param jpeg a whole file
     * @return a new file
     */
    public static byte[] signed(byte[] jpeg) {
        byte[] text = "Software cam4j".getBytes(StandardCharsets.US_ASCII);
        // Behind the file's first marker and the segment of JFIF, which must come first.
        int at = 4 + ((jpeg[4] & 0xff) << 8 | (jpeg[5] & 0xff));
        return ByteBuffer.allocate(jpeg.length + COMMENT.length + 2 + text.length)
                .put(jpeg, 0, at)
                .put(COMMENT)
                .putShort((short) (2 + text.length))
                .put(text)
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
            writer.write(null, new IIOImage(picture, null, null), settings);
        } catch (IOException e) {
            throw new IllegalStateException("a picture could not be written to memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
