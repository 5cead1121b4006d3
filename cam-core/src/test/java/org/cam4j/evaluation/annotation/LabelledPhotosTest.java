package org.cam4j.evaluation.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.Labels;
import org.cam4j.exception.AnnotationException;
import org.cam4j.localization.BoundingBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledPhotosTest {

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static LabelledPhoto photo(String file, String label, BoundingBox... boxes) {
        return new LabelledPhoto(file, Optional.ofNullable(label), OptionalInt.empty(), List.of(boxes));
    }

    @Test
    void readsATable() throws IOException {
        Path file = write(
                "boxes.csv",
                "\uFEFFfile,Width,label,x0,y0,x1,y1\r\n\"a, \"\"b\"\".jpg\",640,fox,1,2,30,40\r\nc.jpg,640,bear,0,0,9,9\n\n"
                        + "\"a, \"\"b\"\".jpg\",640,fox,5,6,7,8");

        assertThat(LabelledPhotos.read(file))
                .containsExactly(
                        photo("a, \"b\".jpg", "fox", new BoundingBox(1, 2, 30, 40), new BoundingBox(5, 6, 7, 8)),
                        photo("c.jpg", "bear", new BoundingBox(0, 0, 9, 9)));
    }

    @Test
    void readsClassesByIndex() throws IOException {
        Path file = write("boxes.csv", "image,class_index,xmin,ymin,xmax,ymax\na.jpg,2,1,2,3,4\n");

        LabelledPhoto photo = LabelledPhotos.read(file).get(0);

        assertThat(photo.classIndex(Labels.of("ant", "bear", "cat"))).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> photo.classIndex(Labels.of("ant", "bear")))
                .withMessageContaining("class 2");
    }

    @Test
    void classesAreFoundByName() {
        BoundingBox box = new BoundingBox(0, 0, 1, 1);

        assertThat(photo("a.jpg", "bear", box).classIndex(Labels.of("ant", "bear")))
                .isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> photo("a.jpg", null, box).classIndex(Labels.of("ant")))
                .withMessageContaining("neither");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file,x0,y0,x1\\na.jpg,1,2,3 | none called y1 or ymax",
                "file,x0,y0,x1,y1\\na.jpg,1,2,3 | line 2",
                "file,x0,y0,x1,y1\\na.jpg,1,2,three,4 | 'three'",
                "file,x0,y0,x1,y1\\na.jpg,1,2,NaN,4 | 'NaN'",
                "file,x0,y0,x1,y1\\na.jpg,9,2,3,4 | is empty",
                "file,x0,y0,x1,y1\\n\"a.jpg,1,2,3,4 | closing quote",
                "file,x0,y0,x1,y1 | holds no box"
            })
    void brokenTablesAreRefused(String text, String message) throws IOException {
        Path file = write("boxes.csv", text.replace("\\n", "\n"));

        assertThatThrownBy(() -> LabelledPhotos.read(file))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsPascalVoc() throws IOException {
        String voc = """
                <annotation>
                  <folder>VOC2012</folder><filename>dogs.jpg</filename>
                  <object><name>dog</name><difficult>0</difficult>
                    <bndbox><xmin>1</xmin><ymin>11.0</ymin><xmax>10</xmax><ymax>20</ymax></bndbox>
                    <part><name>head</name><bndbox><xmin>2</xmin><ymin>12</ymin><xmax>3</xmax><ymax>13</ymax></bndbox></part>
                  </object>
                  <object><name>dog</name><bndbox><xmax>40</xmax><xmin>31</xmin><ymin>1</ymin><ymax>2</ymax></bndbox></object>
                </annotation>
                """;
        write("voc/dogs.xml", voc);
        write("voc/notes.txt", "nothing");
        LabelledPhoto dogs = photo("dogs.jpg", "dog", new BoundingBox(0, 10, 10, 20), new BoundingBox(30, 0, 40, 2));

        assertThat(LabelledPhotos.read(folder.resolve("voc"))).containsExactly(dogs);
        assertThat(LabelledPhotos.read(folder.resolve("voc/dogs.xml"))).containsExactly(dogs);
    }

    @Test
    void xmlCannotReachOtherFiles() throws IOException {
        Path secret = write("secret.txt", "fox");
        Path file = write(
                "evil.xml",
                "<?xml version=\"1.0\"?><!DOCTYPE annotation [<!ENTITY s SYSTEM \"" + secret.toUri()
                        + "\">]><annotation><filename>&s;</filename></annotation>");

        assertThatThrownBy(() -> LabelledPhotos.read(file))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("document type");
    }

    @ParameterizedTest
    @CsvSource({
        "<annotation><object><name>a</name></object></annotation>, <filename>",
        "<annotation><filename>a</filename><object><name>a</name></object></annotation>, <bndbox>",
        "<svg/>, <svg>",
        "not xml, cannot be read as XML"
    })
    void brokenXmlIsRefused(String text, String message) throws IOException {
        Path file = write("boxes.xml", text);

        assertThatThrownBy(() -> LabelledPhotos.read(file))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsCoco() throws IOException {
        Path file = write("instances.json", """
                {"images": [{"id": 7, "file_name": "a.jpg", "width": 9, "height": 9}],
                 "categories": [{"id": 18, "name": "dog"}, {"id": 2, "name": "cat"}],
                 "annotations": [
                   {"image_id": 7, "category_id": 18, "bbox": [1.2, 2.6, 10.1, 0.2], "iscrowd": 0},
                   {"image_id": 7, "category_id": 18, "bbox": [0, 0, 5, 5], "iscrowd": 1},
                   {"image_id": 7, "category_id": 2, "bbox": [0, 0, 5, 5]}]}
                """);

        assertThat(LabelledPhotos.read(file))
                .containsExactly(
                        photo("a.jpg", "dog", new BoundingBox(1, 3, 11, 4)),
                        photo("a.jpg", "cat", new BoundingBox(0, 0, 5, 5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"images\": [ | is not JSON",
                "[1, 2] | has no images",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a\"}], \"categories\": [{\"id\": 1, \"name\": \"b\"}],"
                        + " \"annotations\": [{\"image_id\": 2}]} | image_id 2",
                "{\"images\": [{\"id\": 1, \"file_name\": \"a\"}], \"categories\": [{\"id\": 1, \"name\": \"b\"}],"
                        + " \"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1]}]} | bbox [1]"
            })
    void brokenCocoIsRefused(String text, String message) throws IOException {
        Path file = write("boxes.json", text);

        assertThatThrownBy(() -> LabelledPhotos.read(file))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsWsolMetadata() throws IOException {
        write("val/localization.txt", "v/a.jpg,0,10,9,19\nv/a.jpg,1,1,2,2\nv/b.jpg,3,4,5,6\n");
        write("val/class_labels.txt", "v/a.jpg,388\nv/b.jpg,7\n");

        assertThat(LabelledPhotos.read(folder.resolve("val")))
                .containsExactly(
                        new LabelledPhoto(
                                "v/a.jpg",
                                Optional.empty(),
                                OptionalInt.of(388),
                                List.of(new BoundingBox(0, 10, 10, 20), new BoundingBox(1, 1, 3, 3))),
                        new LabelledPhoto(
                                "v/b.jpg", Optional.empty(), OptionalInt.of(7), List.of(new BoundingBox(3, 4, 6, 7))));
    }

    @Test
    void wsolMasksAreRefused() throws IOException {
        write("val/localization.txt", "v/a.jpg,mask.png,ignore.png\n");

        assertThatThrownBy(() -> LabelledPhotos.read(folder.resolve("val")))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("path,x0,y0,x1,y1");
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> LabelledPhotos.read(write("boxes.yaml", "")))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("Pascal VOC");
        assertThatThrownBy(() -> LabelledPhotos.read(folder.resolve("none.csv")))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("check the path");
        assertThatThrownBy(() -> LabelledPhotos.read(Files.createDirectory(folder.resolve("empty"))))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("holds no box");
        Files.write(folder.resolve("latin.csv"), new byte[] {(byte) 0xE9, 'a'});
        assertThatThrownBy(() -> LabelledPhotos.read(folder.resolve("latin.csv")))
                .isInstanceOf(AnnotationException.class)
                .hasMessageContaining("UTF-8");
    }
}
