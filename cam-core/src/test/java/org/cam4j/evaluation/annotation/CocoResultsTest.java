package org.cam4j.evaluation.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.cam4j.localization.BoundingBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CocoResultsTest {

    @TempDir
    private Path folder;

    @Test
    void boxesAreWrittenInTheFormOfCocosResults() {
        Path file = folder.resolve("results.json");

        new CocoResults()
                .add(42, 18, new BoundingBox(258, 41, 606, 285), 0.236)
                .add(73, 11, new BoundingBox(0, 0, 1, 2), 1)
                .write(file);

        // The example of COCO's page on the results format, with a box of whole pixels.
        assertThat(file)
                .hasContent("[{\"image_id\":42,\"category_id\":18,\"bbox\":[258,41,348,244],\"score\":0.236},"
                        + "{\"image_id\":73,\"category_id\":11,\"bbox\":[0,0,1,2],\"score\":1.0}]");
    }

    @Test
    void noResultsAreAnEmptyList() {
        new CocoResults().write(folder.resolve("empty.json"));

        assertThat(folder.resolve("empty.json")).hasContent("[]");
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CocoResults().add(1, 1, new BoundingBox(0, 0, 1, 1), Double.NaN));
    }
}
