package org.cam4j.spark;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A folder of copies and variants of the demo's photos, of which some are damaged. */
final class PhotoFolder {

    private static final Path DEMO = Path.of("..", "cam-examples", "demo", "photos");

    private final Path folder;
    private final List<Path> good = new ArrayList<>();
    private final List<Path> damaged = new ArrayList<>();

    private PhotoFolder(Path folder) {
        this.folder = folder;
    }

    /** Fills a folder. Damaged photos lie evenly among the others. */
    static PhotoFolder fill(Path folder, int count, int damagedCount) throws IOException {
        PhotoFolder made = new PhotoFolder(folder);
        List<Path> originals;
        try (Stream<Path> files = Files.list(DEMO)) {
            originals = files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
        }
        Random random = new Random(5);
        int each = damagedCount == 0 ? Integer.MAX_VALUE : count / damagedCount;
        for (int i = 0; i < count; i++) {
            Path original = originals.get(i % originals.size());
            if (i % each == each - 1 && made.damaged.size() < damagedCount) {
                made.damaged.add(made.damage(i, original));
            } else {
                made.good.add(made.variant(i, original, random));
            }
        }
        return made;
    }

    /** A copy, or a crop as JPEG or PNG. */
    private Path variant(int number, Path original, Random random) throws IOException {
        String name = String.format("%05d-%s", number, original.getFileName());
        if (number % 3 == 0) {
            return Files.copy(original, folder.resolve(name));
        }
        BufferedImage photo = ImageIO.read(original.toFile());
        int width = photo.getWidth() / 2 + random.nextInt(photo.getWidth() / 2);
        int height = photo.getHeight() / 2 + random.nextInt(photo.getHeight() / 2);
        int x = random.nextInt(photo.getWidth() - width + 1);
        int y = random.nextInt(photo.getHeight() - height + 1);
        BufferedImage crop = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = crop.createGraphics();
        graphics.drawImage(photo, -x, -y, null);
        graphics.dispose();
        // A PNG is slower to write and to read than all others together.
        String format = number % 12 == 1 ? "png" : "jpg";
        Path file = folder.resolve(name.replace(".jpg", "." + format));
        ImageIO.write(crop, format, file.toFile());
        return file;
    }

    private Path damage(int number, Path original) throws IOException {
        byte[] bytes = Files.readAllBytes(original);
        Path file = folder.resolve(String.format("%05d-damaged.jpg", number));
        return switch (damaged.size() % 4) {
            case 0 -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 3));
            case 1 -> Files.write(file, "no picture at all".getBytes(StandardCharsets.UTF_8));
            case 2 -> Files.write(file, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
            // The size in the frame's header is 65,535x65,535.
            default -> Files.write(file, huge(bytes));
        };
    }

    private static byte[] huge(byte[] jpeg) {
        byte[] changed = jpeg.clone();
        for (int i = 0; i < changed.length - 9; i++) {
            if ((changed[i] & 0xff) == 0xff && (changed[i + 1] & 0xff) >= 0xc0 && (changed[i + 1] & 0xff) <= 0xc2) {
                Arrays.fill(changed, i + 5, i + 9, (byte) 0xff);
                return changed;
            }
        }
        throw new IllegalStateException("no frame in a JPEG file");
    }

    Path path() {
        return folder;
    }

    List<Path> good() {
        return good;
    }

    List<Path> damaged() {
        return damaged;
    }
}
