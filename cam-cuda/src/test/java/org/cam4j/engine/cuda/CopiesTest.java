package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.SaidElsewhere;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that cross the bus: only what was asked for comes down. */
class CopiesTest {

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    @Test
    void photosGoUpAsBytesAndOnlyWhatWasAskedForComesDown(@TempDir Path folder) throws IOException {
        Path copies = Files.createFile(folder.resolve("copies"));
        SaidElsewhere said =
                SaidElsewhere.by(CopiedElsewhere.class, Map.of("CAM4J_STANDIN_COPIES", copies.toString()), List.of());

        InferencePlan plan = TestPlans.classifier(false);
        int numbers = plan.input().size();
        Shape features = plan.shape(plan.output(InferencePlan.FEATURES));
        int cells = features.height() * features.width();
        int ofSecond = plan.shape(2).height() * plan.shape(2).width();
        // Places and weights of the taps of 13 rows and 11 columns, and what is said of three channels.
        int taps = 4 * (5 + 2 * 3 + 3 * (13 + 11));
        int logits = 4 * TestPlans.CLASSES;
        // Whether the features are finite.
        int check = 4;
        int maps = 4 * (1 + cells + 13 * 11);
        assertThat(said.lines())
                .as(said.output())
                .containsExactly(
                        "floats: up " + 4 * numbers + ", down " + logits,
                        "bytes: up " + (taps + numbers) + ", down " + logits,
                        "features: up " + 4 * numbers + ", down " + (logits + check),
                        "sums: up " + 4 * 2 + ", down " + 4 * 2 * cells,
                        "kept: up " + 4 * numbers + ", down " + check,
                        "maps: up " + 4 * numbers + ", down " + (logits + maps),
                        // The image for the classes and for the layer, and the seed.
                        "second: up " + (2 * 4 * numbers + logits) + ", down " + (logits + check + 4 * ofSecond),
                        "target: up " + (4 * numbers + logits) + ", down " + (logits + check + 4 * cells));
    }
}
