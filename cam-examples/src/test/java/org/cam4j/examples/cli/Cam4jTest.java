package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.examples.Demo;
import org.cam4j.examples.Montage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cam4jTest {

    @TempDir
    Path folder;

    private Path out;
    private String output;
    private String errors;

    @BeforeEach
    void chooseFolder() {
        out = folder.resolve("out");
    }

    private int run(Object... arguments) {
        StringWriter outWriter = new StringWriter();
        StringWriter errWriter = new StringWriter();
        int status = Cam4j.run(
                Stream.of(arguments).map(Object::toString).toArray(String[]::new),
                new PrintWriter(outWriter, true),
                new PrintWriter(errWriter, true));
        output = outWriter.toString();
        errors = errWriter.toString();
        return status;
    }

    private int explain(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("explain", "--model", Demo.MODEL, "--out", out));
        arguments.addAll(List.of(more));
        return run(arguments.toArray());
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void explainsAPhotoForPeopleAndPrograms() throws IOException {
        assertThat(explain(Demo.PHOTOS.resolve("giant_panda.jpg"))).isEqualTo(0);

        assertThat(output.strip()).matches("giant_panda.jpg +giant panda +9\\d\\.\\d % +\\d+ ms");
        assertThat(written()).containsExactly("giant_panda-388.npy", "giant_panda-388.png", "giant_panda.json");
        JsonNode json = json(out.resolve("giant_panda.json"));
        assertThat(json.get("image").textValue()).isEqualTo("giant_panda.jpg");
        assertThat(json.get("width").intValue()).isEqualTo(640);
        assertThat(json.get("height").intValue()).isEqualTo(426);
        assertThat(json.get("model").textValue()).isEqualTo("efficientnet-lite0-imagenet.h5");
        assertThat(json.get("predictions")).hasSize(5);
        JsonNode best = json.get("predictions").get(0);
        assertThat(best.get("index").intValue()).isEqualTo(388);
        assertThat(best.get("label").textValue()).isEqualTo("giant panda");
        assertThat(best.get("probability").doubleValue()).isBetween(0.9, 1.0);
        JsonNode map = json.get("maps").get(0);
        assertThat(map.get("values").textValue()).isEqualTo("giant_panda-388.npy");
        assertThat(map.get("overlay").textValue()).isEqualTo("giant_panda-388.png");
        assertThat(map.get("box")).hasSize(4);

        ByteBuffer npy = ByteBuffer.wrap(Files.readAllBytes(out.resolve("giant_panda-388.npy")))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(npy.limit()).isEqualTo(256 + 49 * 4);
        double mean = 0;
        for (int i = 0; i < 49; i++) {
            mean += npy.getFloat(256 + 4 * i) / 49;
        }
        // The identity, up to the class's bias.
        assertThat(mean).isCloseTo(best.get("logit").doubleValue(), within(0.5));

        BufferedImage overlay = ImageIO.read(out.resolve("giant_panda-388.png").toFile());
        assertThat(overlay.getWidth()).isEqualTo(640);
        assertThat(overlay.getHeight()).isEqualTo(426);
    }

    @Test
    void mapsChosenAndBestClasses() throws IOException {
        assertThat(explain(
                        "--class",
                        "koala",
                        "--class",
                        388,
                        "--top",
                        2,
                        "--no-overlay",
                        Demo.PHOTOS.resolve("koala.jpg")))
                .isEqualTo(0);

        List<Integer> mapped = new ArrayList<>();
        json(out.resolve("koala.json")).get("maps").forEach(map -> {
            mapped.add(map.get("index").intValue());
            assertThat(map.has("overlay")).isFalse();
        });
        assertThat(mapped).startsWith(105, 388).hasSize(3).doesNotHaveDuplicates();
        assertThat(written()).noneMatch(name -> name.endsWith(".png"));
    }

    @Test
    void picturesAreDrawnAsTheyAreAskedFor() throws IOException {
        assertThat(explain(
                        "--grid",
                        "--side-by-side",
                        "--legend",
                        "--contours",
                        "0.2,0.5",
                        "--colormap",
                        "viridis",
                        Demo.PHOTOS.resolve("koala.jpg")))
                .isEqualTo(0);

        assertThat(written()).containsExactly("koala-105-grid.png", "koala-105.npy", "koala-105.png", "koala.json");
        BufferedImage photo = ImageIO.read(Demo.PHOTOS.resolve("koala.jpg").toFile());
        BufferedImage overlay = ImageIO.read(out.resolve("koala-105.png").toFile());
        assertThat(overlay.getWidth()).isGreaterThan(2 * photo.getWidth());
        assertThat(overlay.getHeight()).isGreaterThan(photo.getHeight());
        assertThat(ImageIO.read(out.resolve("koala-105-grid.png").toFile()).getWidth())
                .isEqualTo(7 * 64);
        assertThat(json(out.resolve("koala.json")).at("/maps/0/grid").textValue())
                .isEqualTo("koala-105-grid.png");
    }

    @Test
    void aFolderGivesItsPicturesAndASheet() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (String name : List.of("koala.jpg", "macaw.jpg")) {
            Files.copy(Demo.PHOTOS.resolve(name), photos.resolve(name));
        }
        Files.writeString(photos.resolve("notes.txt"), "no picture");

        assertThat(explain("--sheet", photos)).isEqualTo(0);

        assertThat(output.lines()).hasSize(2);
        assertThat(written()).contains("koala.json", "macaw.json", "contact-sheet.png");
    }

    @Test
    void aReportHoldsEveryPhotoAlsoThoseThatFailed() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        Path report = folder.resolve("pages/report.html");

        assertThat(explain("--no-overlay", "--report", report, Demo.PHOTOS.resolve("koala.jpg"), broken))
                .isEqualTo(1);

        assertThat(errors).contains("report: " + report);
        assertThat(Files.readString(report))
                .contains(
                        "koala.jpg",
                        "is not a picture in a known format",
                        "efficientnet-lite0-imagenet.h5",
                        "e4deb42195d0f6475278c8b7f1667147e565d9cb6a3456c78b41baff842ef42a")
                .endsWith("</html>\n");
    }

    @Test
    void aProgramThatIsStoppedLeavesNoHalfWrittenFile() throws IOException, InterruptedException {
        Path report = out.resolve("report.html");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Cam4j.class.getName(),
                "explain",
                "--model",
                Demo.MODEL.toString(),
                "--out",
                out.toString(),
                "--report",
                report.toString()));
        // So many that the program is not through before it is stopped.
        for (int i = 0; i < 40; i++) {
            command.add(Demo.PHOTOS.toString());
        }
        Process program = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        try (BufferedReader lines = program.inputReader()) {
            assertThat(lines.readLine()).startsWith("bison.jpg");
            program.destroy();
            assertThat(program.waitFor()).isNotZero();
        } finally {
            program.destroyForcibly();
        }

        assertThat(Files.readString(folder.resolve("errors.txt"))).contains("cam4j: interrupted");
        assertThat(report).doesNotExist();
        assertThat(written()).contains("bison.json").noneMatch(name -> name.endsWith(".tmp"));
        for (String name : written()) {
            if (name.endsWith(".json")) {
                assertThat(json(out.resolve(name)).get("maps")).hasSize(1);
            }
        }
    }

    @Test
    void photosOfOneNameDoNotOverwriteEachOther() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.copy(Demo.PHOTOS.resolve("macaw.jpg"), other.resolve("koala.jpg"));

        assertThat(explain("--no-overlay", Demo.PHOTOS.resolve("koala.jpg"), other.resolve("koala.jpg")))
                .isEqualTo(0);

        assertThat(json(out.resolve("koala.json")).at("/predictions/0/label").textValue())
                .isEqualTo("koala");
        assertThat(json(out.resolve("koala_2.json")).at("/predictions/0/label").textValue())
                .isEqualTo("macaw");
    }

    @Test
    void aPhotoThatCannotBeReadIsReportedAndTheOthersGoOn() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");

        assertThat(explain("--no-overlay", broken, Demo.PHOTOS.resolve("koala.jpg"), folder.resolve("none.jpg")))
                .isEqualTo(1);

        assertThat(output.lines()).hasSize(1).first().asString().startsWith("koala.jpg");
        assertThat(errors)
                .contains("broken.jpg", "none.jpg", "1 of 3 photos explained, 2 failed in ", " a second); see ");
        assertThat(errors.lines()).hasSize(3);
        assertThat(written()).containsExactly("koala-105.npy", "koala.json");
    }

    @Test
    void wrongClassesAreRefusedBeforeAnyPhoto() {
        Path photo = Demo.PHOTOS.resolve("koala.jpg");

        assertThat(explain("--class", "unicorn", photo)).isEqualTo(2);
        assertThat(errors).contains("--class unicorn", "no class is called 'unicorn'");
        assertThat(explain("--class", 1000, photo)).isEqualTo(2);
        assertThat(errors).contains("--class 1000", "0 to 999");
        assertThat(explain("--class", "crane", photo)).isEqualTo(2);
        assertThat(errors).contains("[134, 517]");
        assertThat(out).doesNotExist();
    }

    @Test
    void wrongOptionsAreRefusedInALine() throws IOException {
        Path photo = Demo.PHOTOS.resolve("koala.jpg");
        Path labels = Files.writeString(folder.resolve("labels.txt"), "panda\nfox\n");

        assertThat(explain("--preprocessing", "keras", photo)).isEqualTo(2);
        assertThat(errors).contains("'keras' is no preprocessing");
        assertThat(explain("--labels", labels, photo)).isEqualTo(2);
        assertThat(errors).contains("2 labels", "1000 classes");
        assertThat(explain("--contours", "0.5,1", photo)).isEqualTo(2);
        assertThat(errors).contains("--contours 1.0");
        assertThat(explain("--top", 0, photo)).isEqualTo(2);
        assertThat(errors).contains("--top 0");
        assertThat(explain(Files.createDirectory(folder.resolve("empty")))).isEqualTo(2);
        assertThat(errors).contains("no pictures in folder");
        assertThat(run("explain", photo)).isEqualTo(2);
        assertThat(errors).contains("--model");
        assertThat(run()).isEqualTo(2);
        assertThat(errors).contains("no command given");
    }

    @Test
    void aModelWithoutPreprocessingIsRefusedForPhotos() throws IOException {
        Path bare = Files.copy(Demo.MODEL, folder.resolve("bare.h5"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(run("explain", "--model", bare, "--out", out, Demo.PHOTOS.resolve("koala.jpg")))
                .isEqualTo(2);

        assertThat(errors).contains("bare.h5", "preprocessing").doesNotContain("\tat ");
        assertThat(errors.lines()).hasSize(1);
    }

    @Test
    void doubtfulMapsAreNamedInTheLineAndTheJson() throws IOException {
        Path black = folder.resolve("black.png");
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", black.toFile());

        assertThat(explain("--no-overlay", black)).isEqualTo(0);

        assertThat(output).contains("low probability)");
        JsonNode warnings = json(out.resolve("black.json")).at("/maps/0/warnings");
        assertThat(warnings).anySatisfy(warning -> {
            assertThat(warning.get("kind").textValue()).isEqualTo("low_probability");
            assertThat(warning.get("sentence").textValue()).contains("less than 50 %");
        });
    }

    @Test
    void objectsAreBoxesWithLabels() throws IOException {
        Path zoo = folder.resolve("zoo.png");
        ImageIO.write(Montage.of(320, "giant_panda", "macaw").picture(), "png", zoo.toFile());

        assertThat(run("objects", "--model", Demo.MODEL, "--out", out, zoo)).isEqualTo(0);

        assertThat(output.strip()).matches("zoo.png +macaw 0\\.\\d\\d, giant panda 0\\.\\d\\d");
        assertThat(written()).containsExactly("zoo-objects.json", "zoo-objects.png");
        JsonNode objects = json(out.resolve("zoo-objects.json")).get("objects");
        assertThat(objects).hasSize(2);
        assertThat(objects.get(0).get("index").intValue()).isEqualTo(88);
        assertThat(objects.get(0).get("box")).hasSize(4);
        assertThat(objects.get(0).get("crop")).hasSize(4);
        assertThat(ImageIO.read(out.resolve("zoo-objects.png").toFile()).getWidth())
                .isEqualTo(640);
    }

    @Test
    void objectsAreDrawnInTheSizeAndFormatOfOverlays() throws IOException {
        Path zoo = folder.resolve("zoo.png");
        ImageIO.write(Montage.of(320, "giant_panda", "macaw").picture(), "png", zoo.toFile());

        assertThat(run("objects", "--model", Demo.MODEL, "--out", out, zoo)).isEqualTo(0);
        JsonNode full = json(out.resolve("zoo-objects.json")).get("objects");
        assertThat(run(
                        "objects",
                        "--model",
                        Demo.MODEL,
                        "--out",
                        out,
                        "--overlay-size",
                        200,
                        "--overlay-format",
                        "jpeg",
                        zoo))
                .isEqualTo(0);

        assertThat(ImageIO.read(out.resolve("zoo-objects.jpg").toFile()).getWidth())
                .isEqualTo(200);
        JsonNode small = json(out.resolve("zoo-objects.json"));
        assertThat(small.get("overlay").textValue()).isEqualTo("zoo-objects.jpg");
        assertThat(small.get("objects")).isEqualTo(full);
        assertThat(run("objects", "--model", Demo.MODEL, "--out", out, "--overlay-size", "none", zoo))
                .isEqualTo(2);
    }

    @Test
    void evaluationIsATableAndAJson() throws IOException {
        Path boxes = Files.writeString(
                folder.resolve("boxes.csv"),
                "file,label,x0,y0,x1,y1\ngiant_panda.jpg,giant panda,134,34,531,373\nnone.jpg,koala,1,1,2,2\n");
        Path json = out.resolve("result.json");

        assertThat(run(
                        "evaluate",
                        "--model",
                        Demo.MODEL,
                        "--boxes",
                        boxes,
                        "--hide-and-seek",
                        1,
                        "--out",
                        json,
                        Demo.PHOTOS))
                .isEqualTo(1);

        assertThat(output).contains("1 photos", "GT-known, boxes at 20 %", "pointing game", "MaxBoxAccV2");
        assertThat(errors).contains("none.jpg", "1 of 2 photos evaluated");
        JsonNode result = json(json);
        assertThat(result.at("/localization/photos").intValue()).isEqualTo(1);
        assertThat(result.at("/localization/pointing").doubleValue()).isEqualTo(1);
        assertThat(result.at("/localization/centre/meanOverlap").doubleValue()).isBetween(0.5, 1.0);
        assertThat(result.at("/localization/boxAccuracy/atOverlap/0.3").doubleValue())
                .isEqualTo(1);
        assertThat(result.at("/photos/0/rank").intValue()).isZero();
        assertThat(result.at("/photos/0/box")).hasSize(4);
        assertThat(result.get("hideAndSeekPasses").intValue()).isEqualTo(1);
    }

    @Test
    void evaluationRefusesBoxesThatItCannotUse() throws IOException {
        Path unknown = Files.writeString(
                folder.resolve("unknown.csv"), "file,label,x0,y0,x1,y1\ngiant_panda.jpg,unicorn,1,2,3,4\n");
        Path none = Files.writeString(folder.resolve("none.csv"), "file,label,x0,y0,x1,y1\nnone.jpg,koala,1,2,3,4\n");

        assertThat(run("evaluate", "--model", Demo.MODEL, "--boxes", unknown, Demo.PHOTOS))
                .isEqualTo(2);
        assertThat(errors).contains("unicorn");
        assertThat(run("evaluate", "--model", Demo.MODEL, "--boxes", none, Demo.PHOTOS))
                .isEqualTo(2);
        assertThat(errors).contains("nothing was evaluated");
        assertThat(run("evaluate", "--model", Demo.MODEL, "--boxes", folder.resolve("no.csv"), Demo.PHOTOS))
                .isEqualTo(2);
        assertThat(errors).contains("no.csv", "check the path");
        assertThat(run("evaluate", "--model", Demo.MODEL, "--boxes", none, "--threshold", 1, Demo.PHOTOS))
                .isEqualTo(2);
        assertThat(errors).contains("threshold");
        assertThat(run("evaluate", "--model", Demo.MODEL, "--boxes", none, none))
                .isEqualTo(2);
        assertThat(errors).contains("none.csv is no folder");
    }

    @Test
    void inspectSaysWhatAModelIsMadeOf() {
        assertThat(run("inspect", Demo.MODEL)).isEqualTo(0);

        assertThat(output)
                .contains(
                        "224 x 224 x 3",
                        "head_conv",
                        "head_conv_relu, 7 x 7 x 1280",
                        "avg_pool",
                        "predictions, 1280 -> 1000, softmax",
                        "exactly: the head is linear",
                        "can be mapped, from 'stem_conv_pad' to 'head_conv_relu'",
                        "'tench'",
                        "can be explained");
    }

    @Test
    void inspectListsThePlan() {
        assertThat(run("inspect", "--plan", Demo.MODEL)).isEqualTo(0);

        assertThat(output).contains("%0 = image 224x224x3", "'stem_conv'", "features %", "logits %", "1x1x1000");
    }

    @Test
    void inspectListsTheLayers() throws IOException {
        assertThat(run("inspect", "--layers", Demo.MODEL)).isEqualTo(0);
        assertThat(output.lines().toList())
                .anyMatch(line -> line.matches("stem_conv +Conv2D +112x112x32 +896  \\(stem_conv_pad\\)"))
                .last()
                .asString()
                .contains("can be explained");

        Path prepared = folder.resolve("model.cam4j");
        assertThat(run("prepare", Demo.MODEL, "-o", prepared)).isEqualTo(0);
        assertThat(run("inspect", "--layers", prepared)).isEqualTo(0);
        assertThat(output.lines().toList()).anyMatch(line -> line.matches("head_conv_relu +7x7x1280"));
    }

    @Test
    void inspectRefusesWithTheReason() throws IOException {
        Path text = Files.writeString(folder.resolve("model.h5"), "no model");

        assertThat(run("inspect", text)).isEqualTo(2);
        assertThat(errors.lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("cam4j: ")
                .contains("model.h5");
        assertThat(run("inspect", folder.resolve("none.h5"))).isEqualTo(2);
        assertThat(errors).contains("none.h5");
        assertThat(run("inspect", "--verbose", text)).isEqualTo(2);
        assertThat(errors).contains("\tat ");
    }

    @Test
    void helpAndVersionAreThere() {
        assertThat(run("--help")).isEqualTo(0);
        assertThat(output).contains("explain", "objects", "evaluate", "inspect");
        assertThat(run("explain", "--help")).isEqualTo(0);
        assertThat(output).contains("--model", "--class", "--sheet", "--report");
        assertThat(run("--version")).isEqualTo(0);
        assertThat(output).matches("cam4j \\d+\\.\\d+\\.\\d+\\S*\\s*");
    }

    @Test
    void progressIsDrawnBelowTheLines() {
        StringWriter terminal = new StringWriter();
        StringWriter lines = new StringWriter();
        Progress progress = new Progress(2, "explained", new PrintWriter(terminal), true);

        progress.done(new PrintWriter(lines, true), Optional.of("first"));
        progress.done(new PrintWriter(lines, true), Optional.of("second"));

        assertThat(lines.toString().lines()).containsExactly("first", "second");
        assertThat(terminal.toString())
                .contains("[############............] 1 of 2, ", " a second, ")
                .endsWith("\r\033[K");
    }
}
