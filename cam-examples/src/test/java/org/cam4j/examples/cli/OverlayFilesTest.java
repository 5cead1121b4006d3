package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayFilesTest {

    private static final Path PANDA = Demo.PHOTOS.resolve("giant_panda.jpg");

    @TempDir
    private Path folder;

    private CommandLineRun explain(Path photo, String... options) {
        Path out = Files.isDirectory(photo) ? photo : folder;
        List<Object> arguments = new ArrayList<>(List.of("explain", "--model", Demo.MODEL, "--out", out));
        arguments.addAll(List.of(options));
        arguments.add(photo);
        return CommandLineRun.of(arguments.toArray());
    }

    @Test
    void overlaysOfLargePhotosAreShrunkAndBoxesStayThoseOfThePhoto() throws IOException {
        Path large = folder.resolve("large.png");
        BufferedImage photo = ImageIO.read(PANDA.toFile());
        BufferedImage enlarged = new BufferedImage(2000, 1331, BufferedImage.TYPE_INT_RGB);
        enlarged.createGraphics().drawImage(photo, 0, 0, 2000, 1331, null);
        ImageIO.write(enlarged, "png", large.toFile());

        assertThat(explain(large).status()).isZero();

        BufferedImage overlay = ImageIO.read(folder.resolve("large-388.png").toFile());
        assertThat(overlay.getWidth()).isEqualTo(1600);
        assertThat(overlay.getHeight()).isEqualTo(1065);
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("large.json").toFile())
                        .at("/maps/0/box/2")
                        .intValue())
                // 1275 of 1600.
                .isBetween(1500, 1700);
        assertThat(explain(large, "--overlay-size", "full").status()).isZero();
        assertThat(ImageIO.read(folder.resolve("large-388.png").toFile()).getWidth())
                .isEqualTo(2000);
    }

    @Test
    void jpegOverlaysAreResultsThatLaterRunsReplaceAndLeaveOut() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.copy(PANDA, photos.resolve("panda.jpg"));
        String[] jpeg = {"--overlay-format", "jpeg", "--overlay-size", "320"};

        assertThat(explain(photos, jpeg).status()).isZero();

        assertThat(names(photos)).containsExactly("panda-388.jpg", "panda-388.npy", "panda.jpg", "panda.json");
        BufferedImage overlay = ImageIO.read(photos.resolve("panda-388.jpg").toFile());
        assertThat(overlay.getWidth()).isEqualTo(320);
        assertThat(new ObjectMapper()
                        .readTree(photos.resolve("panda.json").toFile())
                        .at("/maps/0/overlay")
                        .textValue())
                .isEqualTo("panda-388.jpg");
        CommandLineRun again = explain(photos, jpeg);
        assertThat(again.status()).isZero();
        assertThat(again.errors()).startsWith("1 of 1 photo explained");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "large", "1e3", "99999999999"})
    void impossibleSizesAreRefusedBeforeThePhotosAreRead(String size) {
        CommandLineRun run = explain(folder.resolve("missing.jpg"), "--overlay-size", size);

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors())
                .contains("--overlay-size " + size + ": give pixels along the longer side, 1 or more, or 'full'");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
