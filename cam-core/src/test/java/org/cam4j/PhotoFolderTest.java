package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.render.picture.Png;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoFolderTest {

    @TempDir
    private Path folder;

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "some bytes");
    }

    @Test
    void photosAreFoundByTheirEndingAndSortedByName() throws IOException {
        Path second = file("b.JPG");
        Path first = file("a.webp");
        file("notes.txt");
        file(".hidden.jpg");
        file("inner/c.jpg");

        PhotoFolder found = PhotoFolder.list(folder);

        assertThat(found.photos()).containsExactly(first, second);
        assertThat(found.skipped()).containsExactly("notes.txt");
    }

    @Test
    void onRequestInnerFoldersAreReadToo() throws IOException {
        Path top = file("z.jpg");
        Path inner = file("inner/c.jpg");
        Path deep = file("inner/deep/d.png");
        file(".git/e.jpg");
        file("inner/notes.txt");
        Files.createSymbolicLink(folder.resolve("inner/back"), folder);

        PhotoFolder found = PhotoFolder.listAll(folder);

        assertThat(found.photos()).containsExactly(top, inner, deep);
        assertThat(found.skipped())
                .containsExactly(Path.of("inner", "notes.txt").toString());
    }

    @Test
    void picturesThatCam4jDrewAreNoPhotos() throws IOException {
        Png.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), folder.resolve("overlay.png"));

        assertThat(PhotoFolder.list(folder)).isEqualTo(new PhotoFolder(List.of(), List.of()));
    }

    @Test
    void anApplicationsOwnFilesAreLeftOutWithoutAWord() throws IOException {
        Path photo = file("inner/a.jpg");
        file("inner/a.json");
        file("result.jpg");
        file("notes.txt");

        PhotoFolder found = PhotoFolder.list(
                folder,
                true,
                path -> path.endsWith("result.jpg") || path.toString().endsWith(".json"));

        assertThat(found).isEqualTo(new PhotoFolder(List.of(photo), List.of("notes.txt")));
    }

    @Test
    void linksThatLeadNowhereAndFoldersNamedLikePhotosAreNamed() throws IOException {
        Files.createSymbolicLink(folder.resolve("lost.jpg"), folder.resolve("nothing"));
        Files.createDirectory(folder.resolve("trip.jpg"));

        assertThat(PhotoFolder.list(folder).skipped())
                .containsExactly("lost.jpg (a link that leads nowhere)", "trip.jpg (a folder)");
    }

    @Test
    void aFolderThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> PhotoFolder.list(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none' cannot be read");
    }
}
