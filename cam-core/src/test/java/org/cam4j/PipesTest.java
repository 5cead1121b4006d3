package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.cam4j.evaluation.annotation.LabelledPhotos;
import org.cam4j.exception.AnnotationException;
import org.cam4j.exception.ModelFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipes without a writer, which are waited for without end, and devices, which have none. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class PipesTest {

    @TempDir
    Path folder;

    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void labelsComeThroughAPipe() throws IOException, InterruptedException {
        Path pipe = pipe("labels");
        CompletableFuture<Labels> labels = CompletableFuture.supplyAsync(() -> Labels.read(pipe));

        Files.writeString(pipe, "cat\ndog\n");

        assertThat(labels.join().names()).containsExactly("cat", "dog");
    }

    @Test
    void anInterruptEndsTheWaitingForLabels() throws IOException, InterruptedException {
        Path pipe = pipe("labels");

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Labels.read(pipe))
                .isInstanceOf(ModelFileException.class)
                .hasCauseInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aDeviceIsNoLabelsFile() {
        assertThatThrownBy(() -> Labels.read(Path.of("/dev/zero"))).hasMessageContaining("has more than 16 MiB");
        assertThatThrownBy(() -> Labels.read(Path.of("/dev/null"))).hasMessageContaining("is empty");
    }

    @Test
    void aFolderIsNoLabelsFile() {
        assertThatThrownBy(() -> Labels.read(folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("labels file '" + folder + "' is a folder: give the file with the names.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boxes.csv", "boxes.json", "boxes.xml"})
    void aPipeIsNoFileOfBoxes(String name) throws IOException, InterruptedException {
        Path pipe = pipe(name);

        assertThatThrownBy(() -> LabelledPhotos.read(pipe))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining(name + "' is a folder, a device or a pipe: expected an ordinary file of boxes");
    }

    @Test
    void aPipeInAFolderOfBoxesIsNone() throws IOException, InterruptedException {
        pipe("localization.txt");

        assertThatThrownBy(() -> LabelledPhotos.read(folder)).hasMessageContaining("is a folder, a device or a pipe");
    }

    @Test
    void aPipeBesideAModelIsNoSettings() throws IOException, InterruptedException {
        pipe("model.json");

        assertThatThrownBy(() -> ModelSettings.beside(folder.resolve("model.h5")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("model.json' are a folder, a device or a pipe: expected an ordinary file");
    }
}
