package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageReader;
import org.cam4j.image.vp8.Vp8Decoder;

/** A WebP picture: the first frame on its canvas, which is black around it. */
final class WebpPicture implements EncodedPicture {

    private final byte[] encoded;
    private final WebpContainer container;

    private WebpPicture(byte[] encoded, WebpContainer container) {
        this.encoded = encoded;
        this.container = container;
    }

    static WebpPicture open(byte[] encoded) throws IOException {
        return new WebpPicture(encoded, WebpContainer.read(encoded));
    }

    @Override
    public int width() {
        return container.width();
    }

    @Override
    public int height() {
        return container.height();
    }

    @Override
    public int bytesPerPixel() {
        // Four samples and RGB.
        return 8;
    }

    @Override
    public DecodedPhoto decode() throws IOException {
        WebpContainer.Frame frame = container.frame();
        WebpContainer.Chunk data = frame.data();
        BufferedImage rgb =
                data.isLossless() ? lossless(data) : Vp8Decoder.decode(encoded, data.start(), data.length());
        if (frame.width() != container.width() || frame.height() != container.height()) {
            rgb = placed(rgb, frame);
        }
        return DecodedPhoto.ofRgb(
                Orientation.upright(rgb, PictureTags.read(encoded, "webp").orientation()));
    }

    private BufferedImage lossless(WebpContainer.Chunk chunk) throws IOException {
        ImageReader reader = PictureReaders.ofWebp();
        try (PictureStream stream = new PictureStream(alone(chunk))) {
            reader.setInput(stream, false, true);
            return RgbConversion.of(reader.read(0));
        } finally {
            reader.dispose();
        }
    }

    /** A file that holds one picture and nothing else. */
    private byte[] alone(WebpContainer.Chunk chunk) {
        int padded = chunk.length() + (chunk.length() & 1);
        return ByteBuffer.allocate(20 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(12 + padded)
                .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                .put(chunk.name().getBytes(StandardCharsets.ISO_8859_1))
                .putInt(chunk.length())
                .put(encoded, chunk.start(), chunk.length())
                .array();
    }

    private BufferedImage placed(BufferedImage rgb, WebpContainer.Frame frame) {
        BufferedImage whole = new BufferedImage(container.width(), container.height(), BufferedImage.TYPE_INT_RGB);
        int[] from = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
        int[] to = ((DataBufferInt) whole.getRaster().getDataBuffer()).getData();
        for (int row = 0; row < frame.height(); row++) {
            System.arraycopy(
                    from, row * frame.width(), to, (frame.y() + row) * container.width() + frame.x(), frame.width());
        }
        return whole;
    }

    @Override
    public void close() {
        // Holds the file alone.
    }
}
