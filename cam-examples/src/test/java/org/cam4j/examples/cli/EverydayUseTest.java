package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line in scripts and under people's fingers. */
class EverydayUseTest {

    private static final Path KOALA = Demo.PHOTOS.resolve("koala.jpg");

    @TempDir
    private Path folder;

    @Test
    void jsonIsALineForEachPhotoAndNothingElseAndNoFilesAreWritten() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");

        CommandLineRun run = CommandLineRun.of("explain", "--model", Demo.MODEL, "--json", KOALA, broken);

        assertThat(run.status()).isEqualTo(1);
        List<String> lines = run.output().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode koala = new ObjectMapper().readTree(lines.get(0));
        assertThat(koala.get("photo").asText()).isEqualTo(KOALA.toString());
        assertThat(koala.at("/predictions/0/label").asText()).isEqualTo("koala");
        assertThat(koala.at("/maps/0/values"))
                .hasSize(koala.at("/maps/0/height").asInt());
        double sum = 0;
        for (JsonNode row : koala.at("/maps/0/values")) {
            for (JsonNode value : row) {
                sum += value.asDouble();
            }
        }
        // The identity: the mean of the map plus the bias is the logit.
        assertThat(sum / 49 + koala.at("/maps/0/bias").asDouble())
                .isCloseTo(koala.at("/predictions/0/logit").asDouble(), offset(1e-3));
        JsonNode failed = new ObjectMapper().readTree(lines.get(1));
        assertThat(failed.get("error").asText()).contains("broken.jpg");
        assertThat(Path.of("cam4j-out")).doesNotExist();
    }

    @Test
    void jsonWritesFilesIfTheyAreAskedFor() {
        CommandLineRun run =
                CommandLineRun.of("explain", "--model", Demo.MODEL, "--json", "--out", folder.resolve("out"), KOALA);

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(folder.resolve("out/koala.json")).exists();
    }

    @Test
    void jsonIsPrintedQuietlyToo() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");

        CommandLineRun run = CommandLineRun.of("explain", "--quiet", "--json", "--model", Demo.MODEL, KOALA, broken);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output().lines()).hasSize(2);
        assertThat(new ObjectMapper()
                        .readTree(run.output().lines().findFirst().orElseThrow())
                        .at("/predictions/0/label"))
                .hasToString("\"koala\"");
        assertThat(run.errors().lines()).singleElement().asString().contains("broken.jpg");
    }

    @Test
    void quietSaysFailuresAlone() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");

        CommandLineRun run = CommandLineRun.of(
                "explain",
                "--quiet",
                "--no-overlay",
                "--model",
                Demo.MODEL,
                "--out",
                folder.resolve("out"),
                KOALA,
                broken);

        assertThat(run.output()).isEmpty();
        assertThat(run.errors().lines()).singleElement().asString().contains("broken.jpg");
        assertThat(folder.resolve("out/koala.json")).exists();
    }

    @Test
    void aPhotoInStandardInputIsCalledStdin() throws Exception {
        InputStream own = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(KOALA)));
        try {
            CommandLineRun run = CommandLineRun.of(
                    "explain", "--no-overlay", "--model", Demo.MODEL, "--out", folder.resolve("out"), "-");

            assertThat(run.status()).as(run.errors()).isZero();
            assertThat(run.output()).startsWith("stdin ").contains("koala");
            assertThat(folder.resolve("out/stdin.json")).exists();
        } finally {
            System.setIn(own);
        }
    }

    @Test
    void standardInputThatDoesNotEndDoesNotFillTheDisk() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }
        };

        assertThat(StandardInput.file(endless, 100_000)).hasSize(100_000);
    }

    @Test
    void aPhotoInStandardInputIsNamedAsGiven() throws Exception {
        InputStream own = System.in;
        try {
            System.setIn(new ByteArrayInputStream(Files.readAllBytes(KOALA)));
            CommandLineRun explained = CommandLineRun.of("explain", "--json", "--model", Demo.MODEL, "-");
            System.setIn(new ByteArrayInputStream(new byte[] {1, 2, 3}));
            CommandLineRun broken = CommandLineRun.of("explain", "--json", "--model", Demo.MODEL, "-");

            assertThat(explained.output()).startsWith("{\"photo\":\"-\",\"image\":\"stdin\"");
            assertThat(broken.output()).startsWith("{\"photo\":\"-\",\"error\":\"photo '-' is not a picture");
            assertThat(broken.errors()).startsWith("cam4j: photo '-' is not a picture");
        } finally {
            System.setIn(own);
        }
    }

    @Test
    void jsonIsTheSameInEveryTerminal() throws Exception {
        Path photo = Files.copy(KOALA, folder.resolve("gr\u00fcn.jpg"));

        CommandLineRun run = CommandLineRun.of("explain", "--json", "--model", Demo.MODEL, photo);

        assertThat(run.output()).matches("\\p{ASCII}+");
        assertThat(new ObjectMapper().readTree(run.output()).get("photo").textValue())
                .isEqualTo(photo.toString());
    }

    @Test
    void linesThatAreLostDoNotGoWell() {
        StringWriter err = new StringWriter();
        Path out = folder.resolve("out");

        int withFiles = runWithFullOutput(err, "explain", "--no-overlay", "--model", Demo.MODEL, "--out", out, KOALA);
        int linesAlone = runWithFullOutput(err, "explain", "--json", "--model", Demo.MODEL, KOALA, KOALA);

        assertThat(withFiles).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(out.resolve("koala.json")).exists();
        assertThat(linesAlone).isEqualTo(Cam4j.REFUSED);
        assertThat(err.toString().lines().filter(line -> line.contains("standard output takes no more")))
                .hasSize(2);
        assertThat(err.toString()).as("the second run ends").contains("1 of 1").doesNotContain("2 of 2");
    }

    private static int runWithFullOutput(StringWriter err, Object... arguments) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        return Cam4j.run(
                Stream.of(arguments).map(Object::toString).toArray(String[]::new),
                new PrintWriter(full, true, StandardCharsets.UTF_8),
                new PrintWriter(err, true));
    }

    @Test
    void innerFoldersAreReadOnRequest() throws Exception {
        Path inner = Files.createDirectories(folder.resolve("photos/inner"));
        Files.copy(KOALA, folder.resolve("photos/a.jpg"));
        Files.copy(KOALA, inner.resolve("a.jpg"));

        CommandLineRun run = CommandLineRun.of(
                "explain",
                "--no-overlay",
                "--recursive",
                "--model",
                Demo.MODEL,
                "--out",
                folder.resolve("out"),
                folder.resolve("photos"));

        assertThat(run.output().lines()).hasSize(2);
        assertThat(folder.resolve("out/a.json")).exists();
        assertThat(folder.resolve("out/a_2.json")).exists();
    }

    @Test
    void allWrongOptionsAreNamedAtOnceWithWhatMayHaveBeenMeant() {
        CommandLineRun run = CommandLineRun.of(
                "explain", "--modle", "x.h5", "--top", "three", "--colormap", "pink", "--shee", KOALA);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors())
                .contains(
                        "'--modle'",
                        "did you mean --model, --sheet?",
                        "--top",
                        "three",
                        "--colormap",
                        "pink",
                        "'--shee'")
                .containsOnlyOnce("Try 'cam4j explain --help'.");
    }

    @Test
    void aMistypedCommandIsGuessed() {
        assertThat(CommandLineRun.of("explian", KOALA).errors()).contains("did you mean explain?");
        assertThat(CommandLineRun.of("zzz").errors()).contains("zzz").doesNotContain("did you mean");
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        CommandLineRun run = CommandLineRun.of("completion", "bash");
        assertThat(run.status()).as(run.errors()).isZero();
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
        Path script = Files.writeString(folder.resolve("completion"), run.output());

        String question = "source '" + script + "'; complete -p cam4j;"
                + " COMP_WORDS=(cam4j expl); COMP_CWORD=1; COMP_LINE='cam4j expl'; COMP_POINT=10;"
                + " _complete_cam4j; echo \"${COMPREPLY[@]}\";"
                + " COMP_WORDS=(cam4j explain --rec); COMP_CWORD=2; COMP_LINE='cam4j explain --rec'; COMP_POINT=19;"
                + " COMPREPLY=(); _complete_cam4j; echo \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "-c", question)
                .redirectErrorStream(true)
                .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).as(answer).isZero();
        assertThat(answer.lines()).anyMatch("explain"::equals).anyMatch("--recursive"::equals);
    }

    @Test
    void aRunWithoutAPhotoThatWasExplainedHasNoRate() {
        StringWriter terminal = new StringWriter();
        Progress failed = new Progress(1, "explained", new PrintWriter(terminal), false);
        failed.failed(new PrintWriter(terminal), "cam4j: broken");
        assertThat(failed.closingLine())
                .startsWith("0 of 1 photo explained, 1 failed in ")
                .doesNotContain("a second");

        Progress done = new Progress(1, "explained", new PrintWriter(terminal), false);
        done.done(new PrintWriter(terminal), Optional.of("koala"));
        assertThat(done.closingLine()).contains(" a second)");
    }

    @ParameterizedTest
    @CsvSource({"4.06, 4.1 s", "59.94, 59.9 s", "59.96, 1:00", "415, 6:55", "3599.6, 1:00:00", "3750, 1:02:30"})
    void measuredTimesReadAsOnAClock(double seconds, String expected) {
        assertThat(ElapsedTime.of(seconds)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1 s", "59, 59 s", "59.5, 1:00", "414.3, 6:55"})
    void estimatedTimesAreWholeSeconds(double seconds, String expected) {
        assertThat(ElapsedTime.estimated(seconds)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"explian, explain, 1", "--shee, --sheet, 1", "same, same, 0", "abc, '', 3"})
    void distancesCountLettersAndSwaps(String from, String to, int expected) {
        assertThat(WrongArguments.distance(from, to)).isEqualTo(expected);
    }
}
