package org.cam4j.render.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.Explanation;
import org.cam4j.Explanations;
import org.cam4j.Labels;
import org.cam4j.PhotoResult;
import org.cam4j.exception.PhotoException;
import org.cam4j.render.picture.Canvas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the report's file; {@link ReportBrowserTest} looks at the page. */
class ReportTest {

    private static final Labels LABELS = Labels.of("panda", "fox <b>", "bear");
    private static final float[] MAPS = {1, 2, 3, -4.5f, 0, 0, 0, 0, -1, -2, -3, -4};

    @TempDir
    Path folder;

    private static Explanation explanation(String name, int width, int height) {
        return Explanations.of(
                name, Canvas.filled(width, height, new Color(0x336699)), LABELS, new float[] {3, 2, 1}, MAPS, 2, 2);
    }

    private static List<JsonNode> photos(Path report) throws IOException {
        List<JsonNode> photos = new ArrayList<>();
        Matcher data = Pattern.compile("class=\"photo\">(.*?)</script>").matcher(Files.readString(report));
        while (data.find()) {
            photos.add(new ObjectMapper().readTree(data.group(1)));
        }
        return photos;
    }

    @Test
    void aStreamGetsThePageOfAFile() throws IOException {
        Path file = folder.resolve("page.html");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Report.Content content = page -> page.add(explanation("a.jpg", 30, 20));

        Report.of("Animals").write(file, content);
        Report.of("Animals").write(bytes, content);

        // But for the minute in which it was written.
        Pattern written = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC");
        assertThat(written.matcher(bytes.toString(StandardCharsets.UTF_8)).replaceAll(""))
                .isEqualTo(written.matcher(Files.readString(file)).replaceAll(""));
    }

    @Test
    void aPhotosDataHoldsTheChosenClasses() throws IOException {
        Explanation photo = explanation("a</script>.jpg", 30, 20);

        String json = Report.of("any").photoData(photo, List.of(photo.prediction(2), photo.prediction(0)));

        assertThat(json).doesNotContain("<");
        JsonNode data = new ObjectMapper().readTree(json);
        assertThat(data.get("classes").findValuesAsText("label")).containsExactly("bear", "panda");
        assertThat(picture(data.get("picture")).getWidth()).isEqualTo(30);
    }

    private static BufferedImage picture(JsonNode uri) throws IOException {
        String encoded = uri.textValue();
        return ImageIO.read(
                new ByteArrayInputStream(Base64.getDecoder().decode(encoded.substring(encoded.indexOf(',') + 1))));
    }

    @Test
    void mapsTravelWithTheirExactValues() throws IOException {
        Path report = folder.resolve("report.html");
        Report.of("Bears").write(report, List.of(explanation("a.png", 40, 30)));

        JsonNode classes = photos(report).get(0).get("classes");
        assertThat(classes).hasSize(3);
        JsonNode map = classes.get(0).get("map");
        assertThat(map.get("height").intValue()).isEqualTo(2);
        assertThat(map.get("width").intValue()).isEqualTo(2);
        ByteBuffer bytes = ByteBuffer.wrap(
                        Base64.getDecoder().decode(map.get("values").textValue()))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[4];
        bytes.asFloatBuffer().get(values);
        assertThat(values).containsExactly(Arrays.copyOf(MAPS, 4));
    }

    @Test
    void controlCharactersOfNamesAreShownAndDoNothing() throws IOException {
        Path report = folder.resolve("report.html");
        Report.of("Bears").write(report, page -> {
            page.add(explanation("a\u001B[31m\u0000\u202E.png", 40, 30));
            page.addFailure("b\r\u007F.png", "no picture\u0007");
        });

        assertThat(Files.readString(report))
                .contains("a\u241B[31m\u2400\uFFFD.png", "b\u240D\u2421.png", "no picture\u2407")
                .doesNotContain("\u001B", "\u0000", "\r", "\u007F", "\u0007");
        assertThat(photos(report).get(0).get("name").textValue()).isEqualTo("a\u001B[31m\u0000\u202E.png");
    }

    @Test
    void aMapWithNothingPositiveHasNeitherPeakNorBox() throws IOException {
        Path report = folder.resolve("report.html");
        Report.of("Bears").write(report, List.of(explanation("a.png", 40, 30)));

        for (int flatOrNegative = 1; flatOrNegative <= 2; flatOrNegative++) {
            JsonNode found = photos(report).get(0).get("classes").get(flatOrNegative);
            assertThat(found.get("peak").doubleValue()).isZero();
            assertThat(found.get("box").isNull()).isTrue();
        }
    }

    @Test
    void largePhotosTravelSmallerWithTheirOwnSizeBeside() throws IOException {
        Path report = folder.resolve("report.html");
        Report.of("Bears").longestSide(64).classes(1).write(report, List.of(explanation("a.png", 200, 100)));

        JsonNode photo = photos(report).get(0);
        assertThat(photo.get("width").intValue()).isEqualTo(200);
        assertThat(photo.get("height").intValue()).isEqualTo(100);
        assertThat(photo.get("classes")).hasSize(1);
        BufferedImage picture = picture(photo.get("picture"));
        assertThat(picture.getWidth()).isEqualTo(64);
        assertThat(picture.getHeight()).isEqualTo(32);
    }

    @Test
    void nothingIsLeftWhenTheContentThrows() throws IOException {
        Path report = Files.writeString(folder.resolve("report.html"), "the old one");

        assertThatThrownBy(() -> Report.of("Bears").write(report, page -> {
                    page.add(explanation("a.png", 40, 30));
                    throw new IllegalStateException("stopped");
                }))
                .hasMessage("stopped");

        assertThat(report).hasContent("the old one");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(report);
        }
    }

    @Test
    void photosGoToTheFileAsTheyCome() {
        Path report = folder.resolve("report.html");
        Report.of("Bears").write(report, page -> {
            for (int i = 0; i < 30; i++) {
                page.add(explanation(i + ".png", 400, 300));
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.mapToLong(file -> file.toFile().length()).sum())
                        .isGreaterThan(30_000);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void resultsOfManyPhotosAreExplanationsOrReasons() throws IOException {
        Path report = folder.resolve("report.html");
        Report.of("Bears").write(report, page -> {
            page.add(new PhotoResult.Explained(Path.of("a.png"), explanation("a.png", 40, 30), Duration.ZERO));
            page.add(new PhotoResult.Failed(Path.of("x/b.png"), new PhotoException("it is 'empty'")));
        });

        assertThat(photos(report)).hasSize(1);
        assertThat(Files.readString(report)).contains("<p class=\"file\">b.png</p>", "it is &#39;empty&#39;");
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Report.of("x").classes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Report.of("x").longestSide(63));
    }

    @Test
    void templatesEscapeTextAndRefuseToForgetAHole() {
        Template template = new Template("<b title='{{a}}'>{{&b}}</b>");

        assertThat(template.filled(java.util.Map.of("a", "$1 <'&\">", "b", "<i>\\</i>")))
                .isEqualTo("<b title='$1 &lt;&#39;&amp;&quot;&gt;'><i>\\</i></b>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.filled(java.util.Map.of("a", "x")))
                .withMessageContaining("{{&b}}");
    }
}
