package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The place of a GIF's first frame on its canvas, which may be larger than the frame. Around the frame stands the transparent colour
 * of the palette, or its first one, as Pillow has it.
 *
 * @param width columns of the canvas, at least as many as the frame needs
 * @param height rows of the canvas
 * @param x the frame's first column
 * @param y the frame's first row
 * @param around the palette's index outside the frame
 */
record GifCanvas(int width, int height, int x, int y, int around) {

    /** Reads the place from the metadata of the stream and the first frame. */
    static GifCanvas of(ImageReader reader) throws IOException {
        Node screen = child(reader.getStreamMetadata(), "LogicalScreenDescriptor");
        IIOMetadata frame = reader.getImageMetadata(0);
        Node descriptor = child(frame, "ImageDescriptor");
        Node control = child(frame, "GraphicControlExtension");
        int x = number(descriptor, "imageLeftPosition");
        int y = number(descriptor, "imageTopPosition");
        boolean transparent =
                control != null && attribute(control, "transparentColorFlag").equalsIgnoreCase("true");
        return new GifCanvas(
                Math.max(number(screen, "logicalScreenWidth"), x + reader.getWidth(0)),
                Math.max(number(screen, "logicalScreenHeight"), y + reader.getHeight(0)),
                x,
                y,
                transparent ? number(control, "transparentColorIndex") : 0);
    }

    private static Node child(IIOMetadata metadata, String name) {
        NodeList nodes =
                metadata.getAsTree(metadata.getNativeMetadataFormatName()).getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i).getNodeName().equals(name)) {
                return nodes.item(i);
            }
        }
        return null;
    }

    private static int number(Node node, String attribute) {
        return node == null ? 0 : Integer.parseInt(attribute(node, attribute));
    }

    private static String attribute(Node node, String name) {
        Node attribute = node.getAttributes().getNamedItem(name);
        return attribute == null ? "0" : attribute.getNodeValue();
    }

    /**
     * The whole canvas.
     *
     * @param frame as decoded
     * @return of type {@code TYPE_INT_RGB}
     */
    BufferedImage with(BufferedImage frame) {
        BufferedImage rgb = RgbConversion.of(frame);
        if (rgb.getWidth() == width && rgb.getHeight() == height) {
            return rgb;
        }
        BufferedImage whole = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = pixels(whole);
        if (frame.getColorModel() instanceof IndexColorModel palette && around < palette.getMapSize()) {
            Arrays.fill(pixels, palette.getRGB(around) & 0xffffff);
        }
        for (int row = 0; row < rgb.getHeight(); row++) {
            System.arraycopy(pixels(rgb), row * rgb.getWidth(), pixels, (y + row) * width + x, rgb.getWidth());
        }
        return whole;
    }

    private static int[] pixels(BufferedImage image) {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }
}
