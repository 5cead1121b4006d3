package org.cam4j.render.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** Opaque pictures of 8 bits a channel, and drawing on them with smooth edges. */
public final class Canvas {

    private Canvas() {}

    /** A copy of a picture of any kind; what is transparent shows white. */
    public static BufferedImage copyOf(BufferedImage picture) {
        BufferedImage copy = filled(picture.getWidth(), picture.getHeight(), Color.WHITE);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(picture, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    /** A picture of one colour. */
    public static BufferedImage filled(int width, int height, Color colour) {
        BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = canvas.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return canvas;
    }

    /** Whether a picture has its pixels as {@link #pixels} gives them: {@code 0xRRGGBB}, and no others beside them. */
    static boolean isOne(BufferedImage picture) {
        return picture.getType() == BufferedImage.TYPE_INT_RGB
                && pixels(picture).length == picture.getWidth() * picture.getHeight();
    }

    /** The pixels of a picture that this class created, [height, width], {@code 0xRRGGBB}; not a copy. */
    public static int[] pixels(BufferedImage canvas) {
        return ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    }

    /** Graphics with smooth edges. */
    public static Graphics2D draw(BufferedImage canvas) {
        Graphics2D graphics = canvas.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return graphics;
    }

    /** Fills a shape that is moved to a place. */
    public static void fill(Graphics2D graphics, Shape shape, double x, double y) {
        graphics.fill(AffineTransform.getTranslateInstance(x, y).createTransformedShape(shape));
    }
}
