package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.examples.Demo;
import org.cam4j.file.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results go where the user's own files are. */
class OverwritingTest {

    @TempDir
    Path folder;

    @BeforeEach
    void putAPhotoThere() throws IOException {
        Files.copy(Demo.PHOTOS.resolve("koala.jpg"), folder.resolve("koala.jpg"));
    }

    private CommandLineRun explain(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("explain", "--model", Demo.MODEL, "--out", folder));
        arguments.addAll(List.of(more));
        arguments.add(folder);
        return CommandLineRun.of(arguments.toArray());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aPhotoOfTheUsersIsNotOverwritten() throws IOException {
        Path own = Files.copy(Demo.PHOTOS.resolve("macaw.jpg"), folder.resolve("koala-105.png"));

        CommandLineRun run = explain();

        assertThat(run.status()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors()).contains("koala-105.png' is there already, and cam4j did not write it", "--overwrite");
        assertThat(own).hasSameBinaryContentAs(Demo.PHOTOS.resolve("macaw.jpg"));
        assertThat(names())
                .as("nothing of the photo that failed")
                .contains("koala-105-88.png")
                .doesNotContain("koala.json", "koala-105.npy");

        assertThat(explain("--overwrite").status()).isZero();
        assertThat(EarlierResults.isOne(own)).isTrue();
    }

    @Test
    void anArrayAndAJsonOfTheUsersAreNotOverwritten() throws IOException {
        Npy.write(folder.resolve("koala-105.npy"), new float[4], 2, 2);
        assertThat(explain("--no-overlay").errors()).contains("koala-105.npy' is there already");

        Files.delete(folder.resolve("koala-105.npy"));
        Path own = Files.writeString(folder.resolve("koala.json"), "{\"image\": \"koala.jpg\"}");
        assertThat(explain("--no-overlay").errors()).contains("koala.json' is there already");
        assertThat(own).hasContent("{\"image\": \"koala.jpg\"}");
        assertThat(names()).containsExactly("koala.jpg", "koala.json");
    }

    @Test
    void aSheetThatMayNotBeWrittenIsRefusedBeforeTheWork() throws IOException {
        Files.copy(Demo.PHOTOS.resolve("macaw.jpg"), folder.resolve("contact-sheet.png"));

        CommandLineRun run = explain("--sheet");

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("contact-sheet.png' is there already, and cam4j did not write it");
        assertThat(names()).containsExactly("contact-sheet.png", "koala.jpg");
    }

    @Test
    void aReportDoesNotTakeTheNameOfAnotherResult() throws IOException {
        CommandLineRun asSheet = explain("--sheet", "--report", folder.resolve("contact-sheet.png"));
        assertThat(asSheet.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(asSheet.errors()).contains("contact-sheet.png' is the name of two results of this run");

        CommandLineRun asPhoto = explain("--report", folder.resolve("koala.json"));
        assertThat(asPhoto.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(asPhoto.errors()).contains("koala.json' is the name of two results of this run");
        assertThat(folder.resolve("koala.json")).content().startsWith("<!doctype html>");
    }

    @Test
    void aReportReplacesNeitherAModelNorAPicture() throws IOException {
        Path model = folder.resolve("m.cam4j");
        CommandLineRun.of("prepare", Demo.MODEL, "-o", model);
        byte[] prepared = Files.readAllBytes(model);
        explain();
        Path picture = folder.resolve("koala-105.png");

        CommandLineRun ofModel = CommandLineRun.of("explain", "--model", model, "--report", model, folder);
        CommandLineRun ofPicture = CommandLineRun.of("explain", "--model", model, "--report", picture, folder);

        assertThat(ofModel.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(ofModel.errors()).contains("it is a model, and a report would replace it", "--overwrite");
        assertThat(model).hasBinaryContent(prepared);
        assertThat(ofPicture.errors()).contains("it is a picture, and a report would replace it");
        assertThat(EarlierResults.kindOf(picture)).contains(EarlierResults.Kind.PICTURE);
    }

    @Test
    void aReportReplacesAReportWhateverItsName() throws IOException {
        Path page = folder.resolve("page.txt");
        explain("--report", page);

        assertThat(explain("--report", page).status()).isZero();
        assertThat(EarlierResults.kindOf(page)).contains(EarlierResults.Kind.PAGE);
    }

    /** A run that is killed leaves them before their JSON. */
    @ParameterizedTest
    @ValueSource(strings = {"koala-105.npy", "koala-105.png", "koala-105-grid.png", "contact-sheet.png"})
    void aResultThatIsAloneIsReplaced(String name) throws IOException {
        explain("--grid", "--sheet");
        for (String other : names()) {
            if (!other.equals(name) && !other.equals("koala.jpg")) {
                Files.delete(folder.resolve(other));
            }
        }

        CommandLineRun run = explain("--grid", "--sheet");

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.errors()).doesNotContain("skipped");
        assertThat(names()).hasSize(6);
    }

    @Test
    void anArrayOfTheUsersBesideResultsIsNotOverwritten() throws IOException {
        explain();
        Path own = folder.resolve("koala-105.npy");
        Npy.write(own, new float[4], 2, 2);
        byte[] bytes = Files.readAllBytes(own);

        assertThat(explain("--no-overlay").errors()).contains("koala-105.npy' is there already");
        assertThat(own).hasBinaryContent(bytes);
    }

    /** The picture cannot be written, as on a full disk. */
    @Test
    void resultsThatAreNotReplacedStay() throws IOException {
        explain("--grid");
        List<String> first = names();
        Files.delete(folder.resolve("koala-105-grid.png"));
        Files.createDirectory(folder.resolve("koala-105-grid.png"));

        CommandLineRun run = explain("--grid", "--overwrite");

        assertThat(run.errors()).contains("koala-105-grid.png' cannot be written: it is a folder");
        assertThat(names()).isEqualTo(first);
    }

    /** {@code numpy.load} takes the length from it; NumPy itself pads it with more spaces than it must. */
    @Test
    void anArraysHeaderIsWithinTheFormat() throws IOException {
        explain("--no-overlay");

        byte[] bytes = Files.readAllBytes(folder.resolve("koala-105.npy"));

        int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
        assertThat((10 + header) % 64).isZero();
        assertThat(new String(bytes, 10, header, StandardCharsets.US_ASCII))
                .matches("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(7, 7\\), } +\n");
        assertThat(bytes).hasSize(10 + header + 4 * 7 * 7);
    }

    /** And its pictures are no photos to the next run. */
    @Test
    void theResultsOfAnEarlierRunAreReplaced() throws IOException {
        assertThat(explain("--top", 3, "--grid", "--sheet", "--report", folder.resolve("all.html"))
                        .status())
                .isZero();
        List<String> first = names();
        assertThat(first).contains("contact-sheet.png", "koala-105-grid.png").hasSize(13);

        CommandLineRun again = explain("--grid", "--sheet", "--report", folder.resolve("all.html"));
        CommandLineRun more = explain("--top", 3, "--no-overlay");

        assertThat(again.status()).as(again.errors()).isZero();
        assertThat(again.output().lines()).hasSize(1);
        assertThat(more.status()).as(more.errors()).isZero();
        assertThat(names()).isEqualTo(first);
        assertThat(again.errors()).doesNotContain("skipped");
    }

    @Test
    void singleFilesOfTheUsersAreNotOverwrittenEither() throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), "<html>mine</html>");
        CommandLineRun report = explain("--report", page);
        assertThat(report.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(report.errors()).contains("page.html' is there already");

        Path photo = folder.resolve("koala.jpg");
        CommandLineRun prepared = CommandLineRun.of("prepare", Demo.MODEL, "-o", photo);
        CommandLineRun selected = CommandLineRun.of(
                "select", "--model", Demo.MODEL, "--class", "koala", "--class", "macaw", "--out", page);
        CommandLineRun evaluated = CommandLineRun.of(
                "evaluate",
                "--model",
                Demo.MODEL,
                "--boxes",
                Demo.PHOTOS.resolve("photos.csv"),
                "--out",
                photo,
                Demo.PHOTOS);

        for (CommandLineRun run : List.of(prepared, selected, evaluated)) {
            assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
            assertThat(run.errors()).contains("is there already, and cam4j did not write it");
        }
        assertThat(page).hasContent("<html>mine</html>");
        assertThat(photo).hasSameBinaryContentAs(Demo.PHOTOS.resolve("koala.jpg"));
    }

    @Test
    void whatLiesBesideAModelIsNotOverwrittenEither() throws IOException {
        Path own = Files.writeString(folder.resolve("two.json"), "[]");

        CommandLineRun run = CommandLineRun.of(
                "select",
                "--model",
                Demo.MODEL,
                "--class",
                "koala",
                "--class",
                "macaw",
                "--out",
                folder.resolve("two.keras"));

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("two.json' is there already");
        assertThat(own).hasContent("[]");
        assertThat(names()).containsExactly("koala.jpg", "two.json");
    }

    @Test
    void modelsThatCam4jWroteAreReplaced() {
        Path prepared = folder.resolve("m.cam4j");
        Path selected = folder.resolve("two.keras");
        for (int i = 0; i < 2; i++) {
            assertThat(CommandLineRun.of("prepare", Demo.MODEL, "-o", prepared).errors())
                    .isEmpty();
            CommandLineRun run = CommandLineRun.of(
                    "select", "--model", Demo.MODEL, "--class", "koala", "--class", "macaw", "--out", selected);
            assertThat(run.status()).as(run.errors()).isZero();
        }
    }
}
