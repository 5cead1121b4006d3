package org.cam4j.evaluation.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cam4j.exception.AnnotationException;
import org.cam4j.localization.BoundingBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CocoBoxesTest {

    @TempDir
    Path folder;

    private List<LabelledPhoto> read(String images, String categories, String annotations) throws IOException {
        return LabelledPhotos.read(Files.writeString(
                folder.resolve("boxes.json"),
                "{\"annotations\": " + annotations + ", \"images\": " + images
                        + ", \"info\": {\"a\": [1]}, \"categories\": " + categories + "}"));
    }

    private List<LabelledPhoto> readAnnotation(String annotation) throws IOException {
        return read(
                "[{\"id\": 1, \"file_name\": \"a.jpg\"}]", "[{\"id\": 1, \"name\": \"cat\"}]", "[" + annotation + "]");
    }

    private List<LabelledPhoto> readBox(String box) throws IOException {
        return readAnnotation("{\"image_id\": 1, \"category_id\": 1, \"bbox\": " + box + "}");
    }

    @Test
    void idsMayBeTextsAndNumbersBeyondInt() throws IOException {
        List<LabelledPhoto> photos = read(
                "[{\"id\": \"x\", \"file_name\": \"x.jpg\"}, {\"id\": \"y\", \"file_name\": \"y.jpg\"},"
                        + " {\"id\": 123456789012345678901, \"file_name\": \"z.jpg\"}]",
                "[{\"id\": \"c\", \"name\": \"cat\"}, {\"id\": \"d\", \"name\": \"dog\"}]",
                "[{\"image_id\": \"y\", \"category_id\": \"c\", \"bbox\": [0, 0, 5, 5]},"
                        + " {\"image_id\": 123456789012345678901, \"category_id\": \"d\", \"bbox\": [1, 2, 3, 4]}]");

        assertThat(photos).extracting(LabelledPhoto::file).containsExactly("y.jpg", "z.jpg");
        assertThat(photos).extracting(photo -> photo.label().orElseThrow()).containsExactly("cat", "dog");
    }

    /** As drawn boxes do. */
    @Test
    void aBoxMayReachBeyondThePhoto() throws IOException {
        assertThat(readBox("[-3, -1.5, 10, 10]").get(0).boxes()).containsExactly(new BoundingBox(-3, -1, 7, 9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"1\", \"2\", \"3\", \"4\"]",
                "[null, 2, 3, 4]",
                "[1, 2, -3, 4]",
                "[1, 2, 3, -0.1]",
                "[1e308, 2, 3, 4]",
                "[1, 2, 1e308, 4]",
                "[1, 2, 3, 1e999]",
                "[1, 2, 3, 4, 5]",
                "{\"x\": 1, \"y\": 2, \"w\": 3, \"h\": 4}",
                "[[1], 2, 3, 4]",
                "[true, 2, 3, 4]",
                "null",
                "\"1 2 3 4\""
            })
    void aBoxThatIsNotFourSoundNumbersIsRefusedWithItsPlace(String box) {
        assertThatThrownBy(() -> readBox(box))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContainingAll(
                        "\"annotations\"[0] of '", "boxes.json", "bbox", "expected [x, y, width, height]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"image_id\": null, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}",
                "{\"image_id\": 1.5, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}",
                "{\"category_id\": 1, \"bbox\": [1, 2, 3, 4]}",
                "{\"image_id\": 7, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}",
                "{\"image_id\": 1, \"bbox\": [1, 2, 3, 4]}",
                "{\"image_id\": 1, \"category_id\": 1}",
                "{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"iscrowd\": \"no\"}",
                "3",
                "null",
                "[]"
            })
    void anIncompleteAnnotationIsRefusedWithItsPlace(String annotation) {
        assertThatThrownBy(() -> readAnnotation(annotation))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("\"annotations\"[0] of '");
    }

    @Test
    void partsThatAreNoListsAndNamesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> read("{\"1\": \"a.jpg\"}", "[]", "[]"))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("has \"images\" that is no list");
        assertThatThrownBy(() -> read("[{\"id\": 1}]", "[]", "[]"))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("\"images\"[0]")
                .hasMessageContaining("the file_name nothing");
        assertThatThrownBy(() -> read(
                        "[{\"id\": 1, \"file_name\": \"a.jpg\"}, {\"id\": 1, \"file_name\": \"b.jpg\"}]", "[]", "[]"))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContainingAll("\"images\"[1]", "the id 1", "'a.jpg'");
    }

    @Test
    void aFileThatEndsHalfWayIsRefused() throws IOException {
        Path file =
                Files.writeString(folder.resolve("half.json"), "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}");

        assertThatThrownBy(() -> LabelledPhotos.read(file))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("is not JSON");
    }
}
