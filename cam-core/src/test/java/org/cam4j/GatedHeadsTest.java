package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.HiResCam;
import org.cam4j.image.Preprocessing;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.MapWarning;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks whose head is not one linear layer: saved, opened, closed, looked at from other layers. */
class GatedHeadsTest {

    private static final int SIZE = 12;

    @TempDir
    private Path folder;

    private final Random random = new Random(4);

    private float[] numbers(int count, double size) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextGaussian() * size);
        }
        return numbers;
    }

    private Convolution convolution(int inputs, int outputs, Activation activation) {
        Window window = new Window(3, 3, 2, 2, 1, 1, new Padding(1, 1, 1, 1));
        return new Convolution(
                window,
                inputs,
                outputs,
                1,
                numbers(inputs * outputs * 9, 0.3),
                numbers(outputs, 0.2),
                false,
                activation);
    }

    private Dense dense(int inputs, int outputs, Activation activation) {
        return Dense.of(numbers(inputs * outputs, 1 / Math.sqrt(inputs)), numbers(outputs, 0.3), activation);
    }

    /** Two convolutions; their maps flattened, a hidden layer with the given activation, normalised, and classes. */
    private InferencePlan flattened(Activation hidden, int classes) {
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int value = plan.add("conv1", convolution(3, 8, Activation.RELU), InferencePlan.INPUT);
        value = plan.add("conv2", convolution(8, 16, Activation.SWISH), value);
        value = plan.add("flatten", new Reshape(new Shape(144)), value);
        value = plan.add("fc1", dense(144, 20, hidden), value);
        value = plan.add("norm", new ScaleShift(numbers(20, 1), numbers(20, 0.2), Activation.IDENTITY), value);
        value = plan.add("fc2", dense(20, classes, Activation.IDENTITY), value);
        return plan.build(Map.of("scores", value));
    }

    /** A map of 3x3x64 flattened, and so many hidden units that maps are summed cell by cell. */
    private InferencePlan flattenedToMany(int classes) {
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int value = plan.add("conv1", convolution(3, 8, Activation.RELU), InferencePlan.INPUT);
        value = plan.add("conv2", convolution(8, 64, Activation.RELU), value);
        value = plan.add("flatten", new Reshape(new Shape(576)), value);
        value = plan.add("fc1", dense(576, 2048, Activation.RELU), value);
        value = plan.add("fc2", dense(2048, classes, Activation.IDENTITY), value);
        return plan.build(Map.of("scores", value));
    }

    private static ClassActivationMapper mapper(InferencePlan plan) {
        return ClassActivationMapper.ofPlan(plan)
                .preprocessing(Preprocessing.UNIT)
                .build();
    }

    private static BufferedImage photo() {
        BufferedImage photo = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(7);
        for (int i = 0; i < SIZE * SIZE; i++) {
            photo.setRGB(i % SIZE, i / SIZE, random.nextInt(1 << 24));
        }
        return photo;
    }

    private static double mean(ActivationMap map) {
        double sum = 0;
        for (float value : map.toArray()) {
            sum += value;
        }
        return sum / map.toArray().length;
    }

    private static void assertAddsUp(ActivationMap map) {
        assertThat(map.addsUp()).isTrue();
        assertThat(mean(map) + map.bias())
                .isCloseTo(
                        map.prediction().logit(),
                        within(1e-4 * Math.max(1, Math.abs(map.prediction().logit()))));
    }

    @Test
    void everyClassesMapAddsUp() {
        try (ClassActivationMapper mapper = mapper(flattened(Activation.RELU, 5))) {
            Explanation explanation = mapper.explain(photo(), "photo");

            assertThat(explanation.classes()).isEqualTo(5);
            for (int c = 0; c < 5; c++) {
                ActivationMap map = explanation.map(c);
                assertAddsUp(map);
                assertThat(map.method()).isEqualTo("cam");
                assertThat(map.layer()).isEqualTo("conv2");
                assertThat(map.height()).isEqualTo(3);
            }
        }
    }

    @Test
    void aLargeLayerOnAFlattenedMapGivesMapsOfItsFeatures() {
        Path file = folder.resolve("large.cam4j");
        InferencePlan plan = flattenedToMany(4);
        try (ClassActivationMapper mapper = mapper(plan)) {
            Explanation explanation = mapper.explain(photo(), "photo");
            mapper.save(file);
            float[][] maps = new float[4][];
            for (int c = 0; c < 4; c++) {
                ActivationMap map = explanation.map(c);
                assertAddsUp(map);
                assertThat(map.layer()).isEqualTo("conv2");
                maps[c] = map.toArray();
                // The walk to the features themselves gives the same sums; gates of ReLU are its derivatives.
                float[] gradients = explanation.map(c, HiResCam.atTarget()).toArray();
                for (int cell = 0; cell < gradients.length; cell++) {
                    assertThat(maps[c][cell]).isCloseTo(gradients.length * gradients[cell], within(1e-4f));
                }
            }
            try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                Explanation again = opened.explain(photo(), "photo");
                for (int c = 0; c < 4; c++) {
                    assertThat(again.map(c).toArray()).containsExactly(maps[c]);
                    assertThat(opened.layerShapes()).isEqualTo(mapper.layerShapes());
                }
            }
        }
    }

    @Test
    void aPreparedModelGivesTheSameMaps() {
        for (Activation hidden : List.of(Activation.RELU, Activation.SWISH, Activation.SIGMOID)) {
            Path file = folder.resolve(hidden + ".cam4j");
            try (ClassActivationMapper mapper = mapper(flattened(hidden, 5))) {
                Explanation explanation = mapper.explain(photo(), "photo");
                mapper.save(file);
                try (ClassActivationMapper opened = ClassActivationMapper.open(file)) {
                    Explanation again = opened.explain(photo(), "photo");
                    for (int c = 0; c < 5; c++) {
                        assertThat(again.map(c).toArray())
                                .containsExactly(explanation.map(c).toArray());
                        assertThat(again.map(c).bias())
                                .isEqualTo(explanation.map(c).bias());
                    }
                }
                assertThatThrownBy(() -> mapper.saveLean(folder.resolve("lean.cam4j")))
                        .isInstanceOf(UnsupportedModelException.class)
                        .hasMessageContaining("its head is not linear");
            }
        }
    }

    @Test
    void anExplanationStaysValidAfterTheMapperIsClosed() {
        ClassActivationMapper mapper = mapper(flattened(Activation.RELU, 5));
        Explanation explanation = mapper.explain(photo(), "photo");
        float[] before = explanation.map(2).toArray();
        mapper.close();

        float[] after = explanation.map(2).toArray();

        for (int i = 0; i < after.length; i++) {
            assertThat(after[i]).isCloseTo(before[i], within(1e-5f * Math.max(1, Math.abs(before[i]))));
        }
    }

    @Test
    void aSavedExplanationKeepsLayerAndBias() {
        Path file = folder.resolve("photo.npz");
        try (ClassActivationMapper mapper = mapper(flattened(Activation.RELU, 5))) {
            Explanation explanation = mapper.explain(photo(), "photo");
            explanation.save(file);

            ActivationMap map = Explanation.load(file).map(3);

            assertThat(map.toArray()).containsExactly(explanation.map(3).toArray());
            assertThat(map.bias()).isEqualTo(explanation.map(3).bias());
            assertThat(map.layer()).isEqualTo("conv2");
        }
    }

    @Test
    void anInnerLayerAddsUpToo() {
        InferencePlan plan = flattened(Activation.SWISH, 5);
        try (ClassActivationMapper mapper = ClassActivationMapper.ofPlan(plan)
                .preprocessing(Preprocessing.UNIT)
                .layer("conv1")
                .build()) {
            ActivationMap map = mapper.explain(photo(), "photo").map(1);

            assertAddsUp(map);
            assertThat(map.layer()).isEqualTo("conv1");
            assertThat(map.height()).isEqualTo(6);
        }
    }

    @Test
    void layersThatAreMissingOrHaveNoCellsAreRefused() {
        InferencePlan plan = flattened(Activation.RELU, 5);
        MapperBuilder builder = ClassActivationMapper.ofPlan(plan);

        assertThatThrownBy(() -> builder.layer("conv9").build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("there is no layer 'conv9'", "such as 'conv2'");
        assertThatThrownBy(() -> builder.layer("fc1").build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("the layer 'fc1' makes 20", "no cells");
    }

    @Test
    void aSingleScoreIsTwoClasses() {
        try (ClassActivationMapper mapper = mapper(flattened(Activation.RELU, 1))) {
            Explanation explanation = mapper.explain(photo(), "photo");

            assertThat(explanation.classes()).isEqualTo(2);
            assertAddsUp(explanation.map(0));
            assertAddsUp(explanation.map(1));
            for (int i = 0; i < 9; i++) {
                assertThat(explanation.map(0).toArray()[i])
                        .isEqualTo(-explanation.map(1).toArray()[i]);
            }
            assertThat(explanation.prediction(0).probability()
                            + explanation.prediction(1).probability())
                    .isCloseTo(1, within(1e-9));
            assertThat(explanation.prediction(0).logit())
                    .isEqualTo(-explanation.prediction(1).logit());
        }
    }

    @Test
    void oneNameOfASingleScoreIsThatOfClassOne() {
        try (ClassActivationMapper mapper = ClassActivationMapper.ofPlan(flattened(Activation.RELU, 1))
                .preprocessing(Preprocessing.UNIT)
                .labels(Labels.of("cat"))
                .build()) {
            assertThat(mapper.labels().names()).containsExactly("not cat", "cat");
        }
    }

    @Test
    void theDifferenceOfTwoMapsAddsUpToTheDifferenceOfTheLogits() {
        try (ClassActivationMapper mapper = mapper(flattened(Activation.RELU, 5))) {
            Explanation explanation = mapper.explain(photo(), "photo");

            ActivationMap contrast = explanation.map(1).minus(explanation.map(4));

            assertAddsUp(contrast);
            assertThat(contrast.prediction().label()).isEqualTo("class 1 minus class 4");
            assertThat(contrast.prediction().logit())
                    .isEqualTo(explanation.prediction(1).logit()
                            - explanation.prediction(4).logit());
        }
    }

    @Test
    void changedMapsNoLongerAddUp() {
        try (ClassActivationMapper mapper = mapper(flattened(Activation.RELU, 5))) {
            ActivationMap rectified = mapper.explain(photo(), "photo").map(1).rectified();

            assertThat(rectified.addsUp()).isFalse();
            assertThatThrownBy(rectified::bias)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("does not add up");
        }
    }

    @Test
    void averageAndMaximumOfTheSameMapsAreOneLayer() {
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int conv = plan.add("conv", convolution(3, 8, Activation.RELU), InferencePlan.INPUT);
        int average = plan.add("average", new GlobalPooling(Pooling.Kind.AVERAGE), conv);
        int maximum = plan.add("maximum", new GlobalPooling(Pooling.Kind.MAXIMUM), conv);
        int both = plan.add("both", Concatenate.channels(), average, maximum);
        int scores = plan.add("classes", dense(16, 4, Activation.IDENTITY), both);
        try (ClassActivationMapper mapper = mapper(plan.build(Map.of("scores", scores)))) {
            assertAddsUp(mapper.explain(photo(), "photo").map(2));
            assertThat(mapper.summary().pooling()).isEqualTo("average + maximum");
        }
    }

    @Test
    void aScoreThatComesFromBiasesAloneIsWarnedOf() {
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int conv = plan.add("conv", convolution(3, 8, Activation.RELU), InferencePlan.INPUT);
        int average = plan.add("average", new GlobalPooling(Pooling.Kind.AVERAGE), conv);
        int scores = plan.add(
                "classes", Dense.of(numbers(32, 0.01), new float[] {0, 0, 9, 0}, Activation.IDENTITY), average);
        try (ClassActivationMapper mapper = mapper(plan.build(Map.of("scores", scores)))) {
            Explanation explanation = mapper.explain(photo(), "photo");

            assertThat(explanation.map(2).bias()).isEqualTo(9);
            assertThat(MapCheck.of(explanation).warnings()).contains(MapWarning.EVIDENCE_IN_NO_PLACE);
        }
    }
}
