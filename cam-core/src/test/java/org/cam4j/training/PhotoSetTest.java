package org.cam4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.cam4j.Labels;
import org.cam4j.exception.TrainingDataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoSetTest {

    @TempDir
    Path root;

    private void files(String name, int count) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        for (int i = 0; i < count; i++) {
            Files.writeString(folder.resolve(i + ".jpg"), name + i);
        }
    }

    @Test
    void foldersAreClassesAndHiddenFilesNothing() throws IOException {
        files("zebra", 2);
        files("ape", 3);
        Files.writeString(root.resolve("ape/.DS_Store"), "x");
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve("notes.txt"), "x");

        PhotoSet set = PhotoSet.ofFolders(root);

        assertThat(set.labels().names()).containsExactly("ape", "zebra");
        assertThat(set.photos()).hasSize(5);
        assertThat(set.photos().get(3)).isEqualTo(new PhotoSet.ClassPhoto(root.resolve("zebra/0.jpg"), 1));
    }

    @Test
    void aSplitKeepsTheProportionsOfTheClassesAndLosesNoPhoto() throws IOException {
        files("ape", 20);
        files("zebra", 10);
        PhotoSet set = PhotoSet.ofFolders(root);

        PhotoSet.Split split = set.split(0.2, 7);

        assertThat(split.validation().photos().stream().filter(photo -> photo.classIndex() == 0))
                .hasSize(4);
        assertThat(split.validation().photos().stream().filter(photo -> photo.classIndex() == 1))
                .hasSize(2);
        Set<PhotoSet.ClassPhoto> both = new HashSet<>(split.training().photos());
        both.addAll(split.validation().photos());
        assertThat(both).hasSize(30);
        assertThat(set.split(0.2, 7)).usingRecursiveComparison().isEqualTo(split);
        assertThat(set.split(0.2, 8).validation().photos())
                .isNotEqualTo(split.validation().photos());
    }

    @Test
    void eachPartHasAPhotoOfEachClass() throws IOException {
        files("ape", 2);
        files("zebra", 2);

        for (double share : new double[] {0.01, 0.99}) {
            PhotoSet.Split split = PhotoSet.ofFolders(root).split(share, 1);
            assertThat(split.training().photos()).hasSize(2);
            assertThat(split.validation().photos()).hasSize(2);
        }
    }

    @Test
    void foldersThatCannotBeTrainedOnAreNamed() throws IOException {
        assertThatThrownBy(() -> PhotoSet.ofFolders(root.resolve("none")))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("there is none");
        files("ape", 1);
        assertThatThrownBy(() -> PhotoSet.ofFolders(root))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("one folder, 'ape'");
        files("bear", 0);
        files("cat", 0);
        assertThatThrownBy(() -> PhotoSet.ofFolders(root))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("the classes [bear, cat] have no photos");
        files("bear", 1);
        files("cat", 5);
        assertThatThrownBy(() -> PhotoSet.ofFolders(root).split(0.2, 1))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("the classes [ape, bear] have fewer than two photos");
    }

    @Test
    void classesFollowTheModelsOrderOrAreRefused() throws IOException {
        files("ape", 1);
        files("zebra", 1);
        PhotoSet set = PhotoSet.ofFolders(root);

        assertThat(set.inOrderOf(Labels.of("zebra", "ape")).photos().get(0).classIndex())
                .isEqualTo(1);
        assertThatThrownBy(() -> set.inOrderOf(Labels.of("zebra", "lion", "bear")))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("no photos of [bear, lion]")
                .hasMessageContaining("does not know [ape]");
    }
}
