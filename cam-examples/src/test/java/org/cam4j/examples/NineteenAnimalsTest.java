package org.cam4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.examples.cli.CommandLineRun;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped network cut down to the blog's nineteen animals, by the command of docs/training.md. */
class NineteenAnimalsTest {

    private static final Map<String, String> ANIMALS = Map.of(
            "giant_panda", "giant panda",
            "polar_bear", "polar bear",
            "koala", "koala",
            "lemur", "lemur",
            "bison", "bison",
            "macaw", "macaw",
            "kangaroo", "kangaroo",
            "red_panda", "red panda",
            "komodo_dragon", "Komodo dragon");

    @TempDir
    Path folder;

    @Test
    void theShippedPhotosOfThemAreToldApartAndTheirMapsStayWhatTheyWere() throws IOException {
        Path animals = folder.resolve("animals.h5");

        CommandLineRun run = CommandLineRun.of(
                "select", "--model", Demo.MODEL, "--classes", Demo.FOLDER.resolve("animals.txt"), "--out", animals);

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.output()).contains("19 classes, giant panda, zebra, African elephant");
        assertThat(Files.size(animals)).isLessThan(16_000_000);
        try (ClassActivationMapper large =
                        ClassActivationMapper.fromKeras(Demo.MODEL).build();
                ClassActivationMapper small =
                        ClassActivationMapper.fromKeras(animals).build()) {
            assertThat(small.labels().size()).isEqualTo(19);
            for (Demo.Photo photo : Demo.photos()) {
                String stem = photo.file().getFileName().toString().replace(".jpg", "");
                String animal = ANIMALS.get(stem);
                if (animal != null) {
                    Explanation explanation = small.explain(photo.file());
                    assertThat(explanation.prediction().label()).isEqualTo(animal);
                    assertThat(explanation.prediction().probability()).isGreaterThan(0.9);
                    assertThat(explanation.map().toArray())
                            .isEqualTo(large.explain(photo.file())
                                    .map(photo.index())
                                    .toArray());
                    BoundingBox box = Localizer.paper().box(explanation.map()).orElseThrow();
                    assertThat(box.intersectionOverUnion(
                                    new BoundingBox(photo.x0(), photo.y0(), photo.x1(), photo.y1())))
                            .isGreaterThan(0.3);
                }
            }
        }
    }
}
