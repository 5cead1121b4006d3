package org.cam4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.classifier.LinearHead;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Plans;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nearest resizing against the cells that TensorFlow takes (nearest.txt, written by resize_nearest.py). */
class NearestResizingTest {

    private record Case(int cells, int[] taken) {}

    private static List<Case> cases() throws IOException {
        try (InputStream in = NearestResizingTest.class.getResourceAsStream("/preparation/nearest.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Stream.of(line.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray())
                    .map(numbers -> new Case(numbers[0], Arrays.copyOfRange(numbers, 2, numbers.length)))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oneDNN", "ND4J", "Java"})
    void enginesTakeTheCellsThatTensorFlowTakes(String engineName) throws IOException {
        List<Case> cases = cases();
        assertThat(cases).hasSizeGreaterThan(50);
        for (int i = 0; i < cases.size(); i++) {
            Case known = cases.get(i);
            // Few channels lie otherwise in memory than whole blocks of them.
            int channels = i % 2 == 0 ? 3 : 32;
            assertTaken(engineName, known, new Shape(known.cells, 2, channels), known.taken.length, 2);
            assertTaken(engineName, known, new Shape(2, known.cells, channels), 2, known.taken.length);
        }
    }

    private static void assertTaken(String engineName, Case known, Shape input, int height, int width) {
        PlanBuilder plan = new PlanBuilder(input);
        int value = plan.add("resize", new Resize(height, width, Resize.Interpolation.NEAREST), InferencePlan.INPUT);
        float[] image = new float[input.size()];
        boolean byRow = width == 2 && input.width() == 2;
        for (int entry = 0; entry < image.length; entry++) {
            int cell = entry / input.channels();
            image[entry] = byRow ? cell / 2 : cell % input.width();
        }
        LinearHead head = new LinearHead(new float[input.channels()], new float[1]);
        EngineSettings settings = EngineSettings.standard().withThreads(2).withEngine(engineName);
        try (Engine engine = Engines.of(Plans.classifier(plan, value, head), settings)) {
            float[] features = Plans.run(engine, head, image, input.height(), input.width(), input.channels())
                    .features()
                    .dup('c')
                    .data()
                    .asFloat();
            int[] taken = IntStream.range(0, known.taken.length)
                    .map(i -> (int) features[i * (byRow ? 2 : 1) * input.channels()])
                    .toArray();
            assertThat(taken).as("%s to %dx%d", input, height, width).containsExactly(known.taken);
        }
    }
}
