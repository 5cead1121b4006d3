package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.ClassActivationMapper;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One photo that fails, in whatever way, leaves the others' results, the report and the exit status as they should be. */
class PhotosThatFailTest {

    private static final Path KOALA = Demo.PHOTOS.resolve("koala.jpg");

    @TempDir
    Path folder;

    private CommandLineRun explain(Object... more) {
        List<Object> arguments =
                new ArrayList<>(List.of("explain", "--model", Demo.MODEL, "--out", folder.resolve("out")));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray());
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The file can be read; "koala-105.npy" of such a name cannot be written. */
    @Test
    void aNameTooLongForItsResults() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        String name = "k".repeat(248);
        Files.copy(KOALA, photos.resolve(name + ".jpg"));
        Files.copy(KOALA, photos.resolve("later.jpg"));
        Path report = folder.resolve("report.html");

        CommandLineRun run = explain("--no-overlay", "--report", report, photos);

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.output().lines()).hasSize(1).first().asString().startsWith("later.jpg");
        assertThat(run.errors())
                .contains(name, "its name is no longer than the disk allows", "1 of 2 photos explained, 1 failed");
        assertThat(written()).containsExactly("later-105.npy", "later.json");
        assertThat(Files.readString(report))
                .contains("Not explained", "later.jpg")
                .endsWith("</html>\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aNameThatTheLocaleCannotExpress() throws IOException, InterruptedException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.copy(KOALA, photos.resolve("koala.jpg"));
        // By the shell, since this JVM's locale may not have the letter either.
        assertThat(new ProcessBuilder("sh", "-c", "cp koala.jpg \"$(printf 'k\\303\\266ala.jpg')\"")
                        .directory(photos.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder program = program(
                "explain",
                "--model",
                Demo.MODEL.toString(),
                "--no-overlay",
                "--out",
                folder.resolve("out").toString(),
                photos.toString(),
                "--report",
                folder.resolve("report.html").toString());
        program.environment().remove("LANG");
        program.environment().put("LC_ALL", "C");

        int status = program.redirectError(errors.toFile())
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start()
                .waitFor();

        String said = Files.readString(errors, StandardCharsets.ISO_8859_1);
        assertThat(status).as(said).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(said).contains("run with LC_ALL=C.UTF-8", "1 of 2 photos explained, 1 failed");
        assertThat(written()).containsExactly("koala-105.npy", "koala.json");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("Not explained", "LC_ALL=C.UTF-8");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFolderForResultsThatTheLocaleCannotExpress() throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        List<String> java = program("explain", "--model", Demo.MODEL.toString(), KOALA.toString())
                .command();
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" --out \"$(printf 'k\\303\\266ala')\"", "sh"));
        command.addAll(java);
        ProcessBuilder program = new ProcessBuilder(command);
        program.environment().remove("LANG");
        program.environment().put("LC_ALL", "C");

        int status = program.redirectError(errors.toFile()).start().waitFor();

        String said = Files.readString(errors, StandardCharsets.ISO_8859_1);
        assertThat(status).as(said).isEqualTo(Cam4j.REFUSED);
        assertThat(said)
                .contains("Invalid value for option '--out': the name '", "run with LC_ALL=C.UTF-8, or rename the file")
                .doesNotContain("java.nio");
    }

    @Test
    void anErrorIsTheFailureOfItsPhoto() {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        Console console = new Console(new PrintWriter(output, true), new PrintWriter(errors, true), false, false);
        PhotoFile.Names names = new PhotoFile.Names();
        List<PhotoFile> photos = Stream.of("koala.jpg", "macaw.jpg", "bison.jpg")
                .map(name -> names.of(Demo.PHOTOS.resolve(name)))
                .toList();
        List<String> failed = new ArrayList<>();

        int status;
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(Demo.MODEL).build()) {
            status = new PhotoLoop(console, 3, "explained")
                    .onFailure((photo, reason) -> failed.add(photo.name() + ": " + reason))
                    .run(photos, mapper, (index, explanation, took) -> {
                        if (index == 0) {
                            throw new OutOfMemoryError("Java heap space");
                        }
                        if (index == 1) {
                            throw new NoSuchMethodError("void draw()");
                        }
                        return explanation.name();
                    });
        }

        assertThat(status).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(output.toString().lines()).containsExactly("bison.jpg");
        assertThat(errors.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("cam4j: photo 'koala.jpg': not enough memory"))
                .anyMatch(
                        line -> line.startsWith("cam4j: photo 'macaw.jpg': unexpected NoSuchMethodError: void draw()"));
        assertThat(failed).hasSize(2).first().asString().startsWith("koala: photo 'koala.jpg'");
    }

    /** The folder of the results, which the first photo makes, is where the report would go. */
    @Test
    void aReportThatCannotBeWrittenTakesNoPhotoBack() throws IOException {
        CommandLineRun run = explain("--no-overlay", "--report", folder.resolve("out"), KOALA);

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.output().lines()).hasSize(1);
        assertThat(run.errors())
                .contains("1 of 1 photo explained in")
                .containsOnlyOnce("out' cannot be written")
                .doesNotContain("report: ");
        assertThat(written()).containsExactly("koala-105.npy", "koala.json");
    }

    @Test
    void aSheetThatCannotBeWrittenTakesNoPhotoBack() throws IOException {
        Path sheet = folder.resolve("out").resolve("contact-sheet.png");

        // The report makes a folder of the sheet's name, once the name is known to be free.
        CommandLineRun run = explain("--no-overlay", "--sheet", "--report", sheet.resolve("report.html"), KOALA);

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors())
                .contains("1 of 1 photo explained in")
                .containsOnlyOnce("contact-sheet.png' cannot be written");
        assertThat(written()).containsExactly("contact-sheet.png", "koala-105.npy", "koala.json");
        assertThat(sheet.resolve("report.html")).content().contains("koala.jpg").endsWith("</html>\n");
    }

    @Test
    void twoIsTheStatusWhereNoPhotoCouldBeDone() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
        Path report = folder.resolve("report.html");

        CommandLineRun run = explain("--report", report, broken, folder.resolve("none.jpg"));

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("0 of 2 photos explained, 2 failed");
        assertThat(Files.readString(report)).contains("broken.jpg", "none.jpg").endsWith("</html>\n");
        assertThat(CommandLineRun.of("objects", "--model", Demo.MODEL, "--out", folder.resolve("out"), broken)
                        .status())
                .isEqualTo(Cam4j.REFUSED);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @Timeout(60)
    void aPipeFailsAlone() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe.jpg");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        CommandLineRun run =
                CommandLineRun.of("explain", "--model", Demo.MODEL, "--out", folder.resolve("out"), pipe, KOALA);

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors()).contains("pipe.jpg' is a device or a pipe", "1 of 2 photos explained, 1 failed");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void namesInBoxesThatAreNoPhotos() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.copy(KOALA, photos.resolve("koala.jpg"));
        Files.createSymbolicLink(photos.resolve("zero.jpg"), Path.of("/dev/zero"));
        Path boxes = Files.writeString(folder.resolve("boxes.json"), """
            {"images": [{"id": 1, "file_name": "a\\u0000b.jpg"}, {"id": 2, "file_name": "zero.jpg"},
                        {"id": 3, "file_name": "koala.jpg"}],
             "categories": [{"id": "k", "name": "koala"}],
             "annotations": [{"image_id": 1, "category_id": "k", "bbox": [1, 2, 3, 4]},
                             {"image_id": 2, "category_id": "k", "bbox": [1, 2, 3, 4]},
                             {"image_id": 3, "category_id": "k", "bbox": [100, 20, 300, 300]}]}
            """);

        CommandLineRun run = CommandLineRun.of(
                "evaluate", "--model", Demo.MODEL, "--boxes", boxes, "--out", folder.resolve("result.json"), photos);

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.output()).contains("koala.jpg", "1 photos");
        assertThat(run.errors())
                .contains(
                        "a\\x00b.jpg",
                        "zero.jpg' is a folder, a device or a pipe",
                        "1 of 3 photos evaluated, 2 failed");
    }

    @Test
    void namesAreEscapedOnTheTerminal() throws IOException {
        Path photo = folder.resolve("a\u001b[31m\nb\u202E.jpg");
        Files.copy(KOALA, photo);
        Path labels = Files.writeString(
                folder.resolve("labels.json"),
                Stream.generate(() -> "\"\\u001b]0;pwned\\u0007\"")
                        .limit(1000)
                        .toList()
                        .toString());

        CommandLineRun run = explain("--no-overlay", "--labels", labels, photo, folder.resolve("c\rd.jpg"));

        assertThat(run.output().lines()).hasSize(1);
        assertThat(run.output())
                .contains("a\\x1b[31m\\nb\\u202e.jpg", "\\x1b]0;pwned\\x07")
                .doesNotContain("\u001b");
        assertThat(run.errors()).contains("c\\rd.jpg").doesNotContain("\r").doesNotContain("\u001b");
    }

    /** The whole program: its shutdown hook waited ten seconds after an error. */
    @Test
    void anErrorOfTheWholeProgramIsASentence() throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder program = program("inspect", Demo.MODEL.toString());
        List<String> command = program.command();
        int classPath = command.indexOf("-cp") + 1;
        // A library that is missing is found out half-way.
        command.set(
                classPath,
                Stream.of(command.get(classPath).split(File.pathSeparator, -1))
                        .filter(jar -> !jar.contains("jackson-databind"))
                        .collect(Collectors.joining(File.pathSeparator)));

        int status = program.redirectError(errors.toFile()).start().waitFor();

        assertThat(status).isEqualTo(Cam4j.REFUSED);
        assertThat(Files.readString(errors).lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("cam4j: unexpected NoClassDefFoundError: com/fasterxml/jackson/databind/");
    }

    /** A disk of its own of 2 MB, which the shell mounts for the program alone: room for four overlays, not for twelve. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDiskThatIsFullInTheMiddle() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Path errors = folder.resolve("errors.txt");
        Path report = folder.resolve("report.html");
        String mount = "mount -t tmpfs -o size=2m none '" + disk + "'";
        assumeTrue(
                new ProcessBuilder("unshare", "-rm", "sh", "-c", mount).start().waitFor() == 0,
                "this user may not mount a small disk");
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                mount + " && { \"$@\"; status=$?; cp -a '" + disk + "/.' '" + kept + "'; exit $status; }",
                "sh"));
        command.addAll(program(
                        "explain",
                        "--model",
                        Demo.MODEL.toString(),
                        "--report",
                        report.toString(),
                        "--out",
                        disk.toString(),
                        Demo.PHOTOS.toString())
                .command());

        int status = new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start()
                .waitFor();

        List<String> said = Files.readAllLines(errors);
        assertThat(status).as(said.toString()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(said)
                .anyMatch(line -> line.matches("\\d+ of 12 photos explained, \\d+ failed in .*; see .*disk"))
                .anyMatch(line -> line.contains("cannot be written") && line.contains("Make room on the disk"));
        assertThat(Files.readString(report))
                .contains("Not explained", "Make room on the disk")
                .endsWith("</html>\n");
        // Photos that are said to be explained have all their files, whole; nothing unfinished is left.
        List<String> explained = Files.readAllLines(folder.resolve("output.txt"));
        assertThat(explained).hasSizeBetween(1, 11);
        for (String line : explained) {
            String name = line.replaceFirst("\\.jpg .*", "");
            JsonNode written = new ObjectMapper()
                    .readTree(Files.readAllBytes(kept.resolve(name + ".json")))
                    .at("/maps/0");
            assertThat(ImageIO.read(
                            kept.resolve(written.get("overlay").asText()).toFile()))
                    .isNotNull();
            assertThat(kept.resolve(written.get("values").asText())).isNotEmptyFile();
        }
        try (Stream<Path> files = Files.list(kept)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".tmp"))
                    .filteredOn(name -> name.endsWith(".json"))
                    .hasSameSizeAs(explained);
        }
    }

    private static ProcessBuilder program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Cam4j.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
