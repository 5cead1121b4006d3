import java.awt.image.BufferedImage;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.PhotoResult;
import org.cam4j.image.PhotoReader;

/** What both applications do: read pictures of every format, and explain all of them. */
final class Photos {

    /** JPEG's transform is a matter of rounding. */
    private static final int MOST_OF_JPEG = 3;

    private Photos() {}

    /** The pictures in a folder of which another decoder's reading is stored beside them, as NAME.rgb. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.exists(reading(file))).sorted().toList();
        }
    }

    private static Path reading(Path picture) {
        return picture.resolveSibling(picture.getFileName() + ".rgb");
    }

    /** Ends the program if a picture is read otherwise than stored, or cannot be read. */
    static void requireRead(List<Path> pictures) throws IOException {
        for (Path picture : pictures) {
            BufferedImage read = PhotoReader.standard().read(picture);
            String name = picture.getFileName().toString();
            int most = name.endsWith(".jpg") || name.equals("jpeg.tif") ? MOST_OF_JPEG : 0;
            try (DataInputStream stored = new DataInputStream(Files.newInputStream(reading(picture)))) {
                require(read.getWidth() == stored.readInt() && read.getHeight() == stored.readInt(), name + " has its size");
                byte[] samples = stored.readAllBytes();
                for (int i = 0; i < samples.length; i++) {
                    int pixel = read.getRGB(i / 3 % read.getWidth(), i / 3 / read.getWidth());
                    int sample = pixel >> (16 - i % 3 * 8) & 0xff;
                    require(Math.abs(sample - (samples[i] & 0xff)) <= most, name + " has the pixels of Pillow");
                }
            }
        }
        System.out.println("  " + pictures.size() + " pictures have Pillow's pixels");
    }

    /** Ends the program if a picture is not explained. */
    static void requireExplained(ClassActivationMapper mapper, List<Path> pictures) {
        try (Stream<PhotoResult> results = mapper.explainAll(pictures.stream())) {
            results.forEach(result -> require(
                    result instanceof PhotoResult.Explained,
                    result.photo().getFileName() + " is explained, not " + result));
        }
        System.out.println("  " + pictures.size() + " pictures are explained on " + mapper.engine());
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            System.err.println("  not so: " + what);
            System.exit(1);
        }
    }
}
