package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cam4j train} and {@code select} as a user types them. */
class TrainingCommandsTest {

    @TempDir
    Path folder;

    private Path crops() throws IOException {
        Path root = folder.resolve("photos");
        Random random = new Random(1);
        for (String name : List.of("koala", "macaw")) {
            BufferedImage photo =
                    ImageIO.read(Demo.PHOTOS.resolve(name + ".jpg").toFile());
            Path crops = Files.createDirectories(root.resolve("my " + name));
            for (int i = 0; i < 5; i++) {
                int width = photo.getWidth() * 3 / 4;
                int height = photo.getHeight() * 3 / 4;
                BufferedImage crop = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = crop.createGraphics();
                graphics.drawImage(
                        photo,
                        -random.nextInt(photo.getWidth() - width),
                        -random.nextInt(photo.getHeight() - height),
                        null);
                graphics.dispose();
                ImageIO.write(crop, "jpg", crops.resolve(i + ".jpg").toFile());
            }
        }
        return root;
    }

    private CommandLineRun train(Path photos, Path out, Object... more) {
        Object[] arguments = new Object[] {"train", "--model", Demo.MODEL, "--out", out, "--epochs", 8, photos};
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CommandLineRun.of(all);
    }

    @Test
    void aFolderOfPhotosBecomesAModelThatExplains() throws IOException {
        Path photos = crops();
        Files.writeString(photos.resolve("my koala/notes.txt"), "no picture");
        Path model = folder.resolve("mine.h5");

        CommandLineRun run = train(photos, model, "--learning-rate", 0.003, "--decay", "linear");

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors())
                .contains("2 classes, 9 photos to train on, 2 to validate with")
                .contains("skipped: photo")
                .contains("validation accuracy 1.000");
        assertThat(run.output()).contains("epoch   8 of 8");
        CommandLineRun again = train(photos, model, "--learning-rate", 0.003, "--decay", "linear");
        assertThat(again.output()).as("from the checkpoint").isEmpty();
        CommandLineRun explained = CommandLineRun.of(
                "explain",
                "--model",
                model,
                "--out",
                folder.resolve("out"),
                Demo.PHOTOS.resolve("koala.jpg"),
                Demo.PHOTOS.resolve("macaw.jpg"));
        assertThat(explained.output()).contains("my koala").contains("my macaw");
    }

    @Test
    void aFolderThatCannotBeTrainedOnIsRefused() throws IOException {
        CommandLineRun run = train(Files.createDirectories(folder.resolve("empty")), folder.resolve("m.h5"));

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("expected one folder per class");
    }

    @Test
    void classesAreChosenByLabelOrIndexAndRenamed() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "select",
                "--model",
                Demo.MODEL,
                "--class",
                "388=panda",
                "--class",
                "macaw",
                "--out",
                folder.resolve("two.keras"));

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(Files.readString(folder.resolve("two.labels.txt"))).isEqualTo("0\tpanda\n1\tmacaw\n");
        assertThat(CommandLineRun.of("select", "--model", Demo.MODEL, "--out", folder.resolve("none.h5"))
                        .errors())
                .contains("no class given");
        assertThat(CommandLineRun.of(
                                "select",
                                "--model",
                                Demo.MODEL,
                                "--class",
                                "pandas",
                                "--out",
                                folder.resolve("none.h5"))
                        .errors())
                .contains("no class is called 'pandas'");
    }
}
