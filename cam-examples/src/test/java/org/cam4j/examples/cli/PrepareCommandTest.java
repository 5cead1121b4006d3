package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareCommandTest {

    private static final Path PANDA = Demo.PHOTOS.resolve("giant_panda.jpg");

    @TempDir
    private static Path folder;

    /** By content, whatever the name. */
    private static Path prepared;

    private static String output;
    private static String errors;

    private static int run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cam4j.run(
                Stream.of(arguments).map(Object::toString).toArray(String[]::new),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        output = out.toString();
        errors = err.toString();
        return status;
    }

    @BeforeAll
    static void prepare() {
        prepared = folder.resolve("lite0.h5");
        assertThat(run("prepare", Demo.MODEL, "-o", prepared)).isZero();
        assertThat(output).startsWith(prepared + ": ").contains(" MB, for oneDNN");
        assertThat(errors).isEmpty();
    }

    @Test
    void explainWritesTheSameFilesByteForByte() {
        Path fromKeras = folder.resolve("keras");
        Path fromPrepared = folder.resolve("prepared");

        assertThat(run("explain", "--model", Demo.MODEL, "--out", fromKeras, PANDA))
                .isZero();
        assertThat(run("explain", "--model", prepared, "--out", fromPrepared, PANDA))
                .isZero();

        for (String name : new String[] {"giant_panda.json", "giant_panda-388.npy", "giant_panda-388.png"}) {
            assertThat(fromPrepared.resolve(name)).hasSameBinaryContentAs(fromKeras.resolve(name));
        }
    }

    @Test
    void objectsAndEvaluateTakeIt() {
        Path out = folder.resolve("objects");
        assertThat(run("objects", "--model", prepared, "--out", out, PANDA)).isZero();
        assertThat(output).contains("giant panda");

        assertThat(run(
                        "evaluate",
                        "--model",
                        prepared,
                        "--boxes",
                        Demo.PHOTOS.resolve("photos.csv"),
                        "--out",
                        folder.resolve("evaluation.json"),
                        Demo.PHOTOS))
                .as(errors)
                .isZero();
        assertThat(errors).contains("12 of 12 photos evaluated");
    }

    @Test
    void inspectSaysWhatIsInside() {
        assertThat(run("inspect", prepared)).isZero();

        assertThat(output)
                .containsPattern("model +efficientnet-lite0-imagenet.h5")
                .containsPattern("prepared by +cam4j ")
                .containsPattern("from +a file with SHA-256 [0-9a-f]{64}")
                .containsPattern(
                        "packed weights +[0-9.]+ MB, for oneDNN 2.5.2 .*; \\d+ of \\d+ convolutions by Winograd")
                .containsPattern("plain weights +yes, for other processors")
                .contains("This model can be explained.");
    }

    @Test
    void aLeanFileIsSmaller() throws Exception {
        Path lean = folder.resolve("lean.cam4j");

        assertThat(run("prepare", prepared, "--out", lean, "--lean")).isZero();

        assertThat(Files.size(lean)).isLessThan(Files.size(prepared) * 3 / 4);
        assertThat(run("inspect", lean)).isZero();
        assertThat(output).containsPattern("plain weights +none");
    }

    @Test
    void whatCannotBePreparedIsRefused() {
        assertThat(run("prepare", PANDA, "-o", folder.resolve("no.cam4j"))).isEqualTo(2);
        assertThat(errors).contains("expected a Keras model");
        assertThat(run("prepare", Demo.MODEL)).isEqualTo(2);
        assertThat(errors).contains("--out");
        assertThat(folder.resolve("no.cam4j")).doesNotExist();
    }
}
