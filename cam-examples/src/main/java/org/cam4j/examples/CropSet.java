package org.cam4j.examples;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.file.WholeFile;
import org.cam4j.image.PhotoReader;

/** A worked example: writes random crops of photos, one folder per photo, to try {@code cam4j train} without own photos. */
public final class CropSet {

    private static final double LEAST_SHARE = 0.5;

    private CropSet() {}

    /**
     * Writes the crops as JPEG files.
     *
     * @param arguments a folder of photos, the folder to write to, and how many crops of each photo
     * @throws IOException if the photos' folder cannot be listed
     */
    public static void main(String[] arguments) throws IOException {
        Random random = new Random(1);
        for (Path file : photos(Path.of(arguments[0]))) {
            BufferedImage photo = PhotoReader.standard().read(file);
            Path folder = Path.of(arguments[1], file.getFileName().toString().replaceFirst("\\.[^.]*$", ""));
            for (int i = 1; i <= Integer.parseInt(arguments[2]); i++) {
                BufferedImage crop = crop(photo, random);
                WholeFile.write(folder.resolve(i + ".jpg"), out -> ImageIO.write(crop, "jpg", out));
            }
        }
    }

    private static List<Path> photos(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
        }
    }

    private static BufferedImage crop(BufferedImage photo, Random random) {
        int width = side(photo.getWidth(), random);
        int height = side(photo.getHeight(), random);
        BufferedImage crop = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = crop.createGraphics();
        graphics.drawImage(
                photo,
                -random.nextInt(photo.getWidth() - width + 1),
                -random.nextInt(photo.getHeight() - height + 1),
                null);
        graphics.dispose();
        return crop;
    }

    private static int side(int whole, Random random) {
        return (int) (whole * (LEAST_SHARE + (1 - LEAST_SHARE) * random.nextDouble()));
    }
}
