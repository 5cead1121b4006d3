package org.cam4j.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Mask;

/**
 * Pictures of "animals" on clutter. All share one plain body; only a small head shows the kind. The places of head and body are known to
 * the pixel, to measure how much of an animal a map finds.
 */
public final class SyntheticAnimals {

    /** Rows and columns of a picture. */
    public static final int SIZE = 64;

    /** The kinds, by the shape and colour of the head. */
    public static final List<String> KINDS = List.of("round", "square", "pointed", "cross");

    private static final List<Color> HEADS =
            List.of(new Color(225, 190, 60), new Color(70, 90, 210), new Color(210, 60, 60), new Color(235, 235, 235));
    private static final Color BODY = new Color(150, 110, 70);
    private static final int CLUTTER = 14;
    private static final int HEAD = 13;

    private SyntheticAnimals() {}

    /**
     * A picture.
     *
     * @param image 64 x 64, RGB
     * @param kind an index of {@link #KINDS}
     * @param box encloses head and body
     * @param body the body's pixels, without the head's
     */
    public record Animal(BufferedImage image, int kind, BoundingBox box, Mask body) {}

    /**
     * Draws animals, equally many of each kind.
     *
     * @param count the number of pictures
     * @param seed the random seed; the same seed draws the same animals
     * @return the pictures, with the kinds in turn
     */
    public static List<Animal> draw(int count, long seed) {
        Random random = new Random(seed);
        List<Animal> animals = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            animals.add(animal(i % KINDS.size(), random));
        }
        return animals;
    }

    private static Animal animal(int kind, Random random) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(muted(random));
        graphics.fillRect(0, 0, SIZE, SIZE);
        for (int i = 0; i < CLUTTER; i++) {
            clutter(graphics, random);
        }
        // The body: an ellipse; the head at one of its ends.
        int width = 26 + random.nextInt(9);
        int height = 15 + random.nextInt(6);
        boolean facesLeft = random.nextBoolean();
        int whole = width + HEAD - 4;
        int x = 1 + random.nextInt(SIZE - 2 - whole);
        int y = 4 + random.nextInt(SIZE - 8 - height);
        int bodyX = facesLeft ? x + HEAD - 4 : x;
        int headX = facesLeft ? x : x + width - 4;
        int headY = Math.max(1, y - 3);
        Area body = new Area(new Ellipse2D.Double(bodyX, y, width, height));
        Area head = new Area(head(kind, headX, headY));
        graphics.setColor(BODY);
        graphics.fill(body);
        graphics.setColor(HEADS.get(kind));
        graphics.fill(head);
        graphics.dispose();
        speckle(image, random);

        Area animal = new Area(body);
        animal.add(head);
        body.subtract(head);
        Mask pixels = mask(body);
        return new Animal(image, kind, mask(animal).box().orElseThrow(), pixels);
    }

    private static Shape head(int kind, int x, int y) {
        return switch (kind) {
            case 0 -> new Ellipse2D.Double(x, y, HEAD, HEAD);
            case 1 -> new Rectangle2D.Double(x + 1, y + 1, HEAD - 2, HEAD - 2);
            case 2 -> new Polygon(new int[] {x, x + HEAD, x + HEAD / 2}, new int[] {y + HEAD, y + HEAD, y}, 3);
            default -> {
                Area cross = new Area(new Rectangle2D.Double(x, y + 5, HEAD, 4));
                cross.add(new Area(new Rectangle2D.Double(x + 5, y, 4, HEAD)));
                yield cross;
            }
        };
    }

    /** Draws a patch, a line or a blot. */
    private static void clutter(Graphics2D graphics, Random random) {
        graphics.setColor(muted(random));
        int x = random.nextInt(SIZE);
        int y = random.nextInt(SIZE);
        switch (random.nextInt(3)) {
            case 0 -> graphics.fillRect(x, y, 3 + random.nextInt(20), 2 + random.nextInt(5));
            case 1 -> {
                graphics.setStroke(new BasicStroke(1 + random.nextInt(2)));
                graphics.drawLine(x, y, random.nextInt(SIZE), random.nextInt(SIZE));
            }
            default -> graphics.fillOval(x, y, 14 + random.nextInt(16), 3 + random.nextInt(5));
        }
    }

    private static Color muted(Random random) {
        return new Color(60 + random.nextInt(120), 60 + random.nextInt(110), 40 + random.nextInt(110));
    }

    /** Adds noise of up to ten grey levels. */
    private static void speckle(BufferedImage image, Random random) {
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                Color colour = new Color(image.getRGB(x, y));
                int change = random.nextInt(21) - 10;
                image.setRGB(
                        x,
                        y,
                        new Color(
                                        clamp(colour.getRed() + change),
                                        clamp(colour.getGreen() + change),
                                        clamp(colour.getBlue() + change))
                                .getRGB());
            }
        }
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }

    private static Mask mask(Area area) {
        boolean[] pixels = new boolean[SIZE * SIZE];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                pixels[y * SIZE + x] = area.contains(x + 0.5, y + 0.5);
            }
        }
        return new Mask(SIZE, SIZE, pixels);
    }
}
