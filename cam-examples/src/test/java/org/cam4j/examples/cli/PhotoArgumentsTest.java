package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PhotoArgumentsTest {

    @TempDir
    Path folder;

    private CommandLineRun explain(Object... more) {
        return CommandLineRun.of(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "explain", "--model", Demo.MODEL, "--no-overlay", "--out", folder.resolve("out")),
                        java.util.stream.Stream.of(more))
                .toArray());
    }

    private Path photos(String... names) throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (String name : names) {
            Files.copy(Demo.PHOTOS.resolve("koala.jpg"), photos.resolve(name));
        }
        return photos;
    }

    @Test
    void aFolderGivesJfifAndNoHiddenFiles() throws IOException {
        Path photos = photos("a.jfif", "b.JPG", ".c.jpg", "._b.JPG");

        CommandLineRun run = explain(photos);

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.output().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("a.jfif", "b.JPG");
        assertThat(run.errors()).doesNotContain("skipped");
    }

    @Test
    void skippedFilesAreNamedOnceAndTenAtMost() throws IOException {
        Path photos = photos("a.jpg");
        for (int i = 10; i < 22; i++) {
            Files.writeString(photos.resolve("note" + i + ".txt"), "no picture");
        }
        Files.createDirectory(photos.resolve("folder"));

        CommandLineRun few = explain(photos);
        CommandLineRun all = explain("--verbose", photos);

        assertThat(few.status()).isZero();
        assertThat(few.errors().lines().filter(line -> line.contains("skipped")))
                .containsExactly("cam4j: skipped in '" + photos + "': "
                        + String.join(
                                ", ",
                                List.of(
                                        "note10.txt",
                                        "note11.txt",
                                        "note12.txt",
                                        "note13.txt",
                                        "note14.txt",
                                        "note15.txt",
                                        "note16.txt",
                                        "note17.txt",
                                        "note18.txt",
                                        "note19.txt"))
                        + " and 2 more (--verbose names them)");
        assertThat(all.errors()).contains("note20.txt, note21.txt");
    }

    @Test
    void anEmptyFolderFailsAlone() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        CommandLineRun run = explain(empty, photos("a.jpg"));

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.output().lines()).hasSize(1);
        assertThat(run.errors())
                .contains("cam4j: no pictures in folder '" + empty + "': expected files that end in ")
                .contains("1 of 2 photos explained, 1 failed");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsCalledLikeAPictureAndIsNoneIsNamedOnce() throws IOException, InterruptedException {
        Path photos = photos("a.jpg");
        Files.createSymbolicLink(photos.resolve("b.png"), Path.of("nowhere.png"));
        Files.createSymbolicLink(photos.resolve("c.png"), Path.of("c.png"));
        Files.createSymbolicLink(photos.resolve("d.png"), Path.of("/dev/zero"));
        Files.createDirectory(photos.resolve("e.png"));
        assertThat(new ProcessBuilder("mkfifo", photos.resolve("f.png").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(
                photos.resolve("g.png"), Demo.PHOTOS.resolve("macaw.jpg").toAbsolutePath());
        Files.createSymbolicLink(photos.resolve("notes"), Path.of("nowhere"));

        CommandLineRun run = explain(photos);

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.output().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("a.jpg", "g.png");
        assertThat(run.errors().lines().filter(line -> line.contains("skipped")))
                .containsExactly("cam4j: skipped in '" + photos
                        + "': b.png (a link that leads nowhere), c.png (a link that leads nowhere),"
                        + " d.png (a device or a pipe), e.png (a folder), f.png (a device or a pipe),"
                        + " notes (a link that leads nowhere)");
    }

    /** Passing it over in silence would leave a telephone's photo out. */
    @Test
    void aPhotoInAFormatThatCannotBeReadFails() throws IOException {
        Path photos = photos("a.jpg");
        Files.writeString(photos.resolve("b.heic"), "\0\0\0\30ftypheic\0\0\0\0");

        CommandLineRun run = explain(photos);

        assertThat(run.status()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors()).contains("b.heic");
    }
}
