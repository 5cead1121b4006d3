package org.cam4j.examples;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.image.PhotoReader;
import org.cam4j.localization.BoundingBox;

/**
 * Photos of the demo in a grid of equal tiles, each fitted into its tile without distortion on grey.
 *
 * @param picture the grid
 * @param animals what was labelled in each photo, where it lies in the grid
 */
public record Montage(BufferedImage picture, List<Animal> animals) {

    /** A labelled animal in the grid. */
    public record Animal(String label, BoundingBox box) {}

    /** A grid of square tiles, two side by side. */
    public static Montage of(int tile, String... names) {
        BufferedImage picture = new BufferedImage(2 * tile, (names.length + 1) / 2 * tile, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        List<Animal> animals = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            Demo.Photo photo = photo(names[i]);
            BufferedImage image = PhotoReader.standard().read(photo.file());
            double scale = (double) tile / Math.max(image.getWidth(), image.getHeight());
            int width = (int) Math.round(image.getWidth() * scale);
            int height = (int) Math.round(image.getHeight() * scale);
            int x = i % 2 * tile + (tile - width) / 2;
            int y = Math.floorDiv(i, 2) * tile + (tile - height) / 2;
            graphics.drawImage(image, x, y, width, height, null);
            BoundingBox box = new BoundingBox(photo.x0(), photo.y0(), photo.x1(), photo.y1()).scale(scale, scale);
            animals.add(
                    new Animal(photo.label(), new BoundingBox(x + box.x0(), y + box.y0(), x + box.x1(), y + box.y1())));
        }
        graphics.dispose();
        return new Montage(picture, animals);
    }

    private static Demo.Photo photo(String name) {
        return Demo.photos().stream()
                .filter(photo -> photo.file().getFileName().toString().equals(name + ".jpg"))
                .findFirst()
                .orElseThrow();
    }
}
