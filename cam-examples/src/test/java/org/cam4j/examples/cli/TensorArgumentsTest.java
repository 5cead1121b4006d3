package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.cam4j.ClassActivationMapper;
import org.cam4j.examples.Demo;
import org.cam4j.file.Npy;
import org.cam4j.image.PhotoReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors on the command line against the photo that they were made of. */
class TensorArgumentsTest {

    private static final Path PANDA = Demo.PHOTOS.resolve("giant_panda.jpg");
    private static final int SIZE = 224;
    private static final int VALUES = SIZE * SIZE * 3;

    @TempDir
    private static Path folder;

    /** The panda as the network sees it. */
    private static float[] panda;

    private static Path ofPhoto;

    @BeforeAll
    static void prepare() {
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(Demo.MODEL).build()) {
            panda = mapper.preparation()
                    .orElseThrow()
                    .prepare(PhotoReader.standard().read(PANDA))
                    .values();
        }
        ofPhoto = folder.resolve("photo");
        assertThat(CommandLineRun.of("explain", "--model", Demo.MODEL, "--out", ofPhoto, PANDA)
                        .status())
                .isZero();
    }

    private static CommandLineRun explain(Path out, Object... more) {
        Object[] arguments = {"explain", "--model", Demo.MODEL, "--out", out};
        Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CommandLineRun.of(all);
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void aTensorGivesTheMapOfItsPhoto() throws IOException {
        Path out = folder.resolve("one");
        Path tensor = folder.resolve("panda.npy");
        Npy.write(tensor, panda, 1, SIZE, SIZE, 3);

        CommandLineRun run = explain(out, "--tensor", tensor, "--report", out.resolve("report.html"));

        assertThat(run.errors()).doesNotContain("cam4j:");
        assertThat(run.status()).isZero();
        assertThat(run.output()).startsWith("panda.npy").contains("giant panda");
        assertThat(out.resolve("panda-388.npy")).hasSameBinaryContentAs(ofPhoto.resolve("giant_panda-388.npy"));
        assertThat(out.resolve("panda-388.png")).exists();
        assertThat(out.resolve("report.html")).content().contains("Class activation maps: panda.npy");
        JsonNode json = json(out.resolve("panda.json"));
        assertThat(json.get("image").textValue()).isEqualTo("panda.npy");
        assertThat(json.get("width").intValue()).isEqualTo(SIZE);
        assertThat(json.get("preparation").textValue()).isEqualTo("tensor, as it was given");
    }

    @Test
    void imagesOfATensorWithChannelsFirstAreNumbered() throws IOException {
        Path out = folder.resolve("two");
        Path tensor = folder.resolve("two.npy");
        float[] turned = new float[2 * VALUES];
        for (int i = 0; i < VALUES; i++) {
            turned[VALUES + i % 3 * SIZE * SIZE + i / 3] = panda[i];
        }
        Npy.write(tensor, turned, 2, 3, SIZE, SIZE);

        CommandLineRun run = explain(out, "--tensor", tensor, "--channels-first", "--class", "388");

        assertThat(run.status()).isZero();
        assertThat(run.output()).contains("two.npy[0]", "two.npy[1]");
        assertThat(json(out.resolve("two_1.json")).get("image").textValue()).isEqualTo("two.npy[1]");
        assertThat(out.resolve("two_0-388.npy")).exists();
        assertThat(out.resolve("two_1-388.npy")).hasSameBinaryContentAs(ofPhoto.resolve("giant_panda-388.npy"));
    }

    @Test
    void aTensorThatCannotBeReadFailsAlone() throws IOException {
        Path out = folder.resolve("some");
        Path good = folder.resolve("good.npy");
        Npy.write(good, panda, 1, SIZE, SIZE, 3);
        Path turned = folder.resolve("turned.npy");
        Npy.write(turned, panda, 1, 3, SIZE, SIZE);
        Path text = Files.writeString(folder.resolve("text.npy"), "no array");

        CommandLineRun run = explain(out, "--tensor", text, "--tensor", turned, "--tensor", good);

        assertThat(run.status()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors())
                .contains("text.npy' is no NumPy file")
                .contains("[1, 3, 224, 224] does not fit", "read it with channels first");
        assertThat(out.resolve("good.json")).exists();
    }

    @Test
    void whatDoesNotGoTogetherIsSaid() {
        Path tensor = folder.resolve("none.npy");

        assertThat(explain(folder, "--tensor", tensor, PANDA).errors()).contains("both --tensor and photos are given");
        assertThat(explain(folder, "--channels-first", PANDA).errors())
                .contains("--channels-first says how a --tensor lies");
        assertThat(explain(folder).errors()).contains("no photos given");
        CommandLineRun missing = explain(folder, "--tensor", tensor);
        assertThat(missing.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(missing.errors()).contains("no tensor", "check the path");
    }
}
