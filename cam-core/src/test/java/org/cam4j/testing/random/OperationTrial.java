package org.cam4j.testing.random;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/** Runs one operation on an engine, for a batch of images, against its definition in double precision. */
public final class OperationTrial {

    private static final int IMAGES = 3;

    private OperationTrial() {}

    /**
     * Compares each number of each image.
     *
     * @param engine starts the engine for a plan
     * @param operation what the plan's only step does
     * @param shapes of its inputs, which get random halves, so that maxima have equals and activations meet their kinks
     */
    public static void assertIsDefined(EngineStarter engine, Operation operation, List<Shape> shapes)
            throws EngineUnavailableException {
        Optional<String> finding = finding(engine, operation, shapes, 2e-6);
        if (finding.isPresent()) {
            throw new AssertionError(finding.get());
        }
    }

    /**
     * Compares each number of each image. Needs no libraries for tests.
     *
     * @param engine starts the engine for a plan
     * @param operation what the plan's only step does
     * @param shapes of its inputs, as above
     * @param bound of a number's error: so much of it, and as much of 1
     * @return the first number that is further off, in words
     */
    public static Optional<String> finding(EngineStarter engine, Operation operation, List<Shape> shapes, double bound)
            throws EngineUnavailableException {
        Map<String, Shape> inputs = new LinkedHashMap<>();
        Map<String, Batch> batches = new LinkedHashMap<>();
        int[] read = new int[shapes.size()];
        Random random = new Random(5);
        List<float[]> numbers = new ArrayList<>();
        for (int i = 0; i < read.length; i++) {
            read[i] = i;
            float[] values = new float[IMAGES * shapes.get(i).size()];
            for (int k = 0; k < values.length; k++) {
                values[k] = Math.round(random.nextGaussian() * 5) / 2f;
            }
            numbers.add(values);
            inputs.put("in" + i, shapes.get(i));
            batches.put("in" + i, Batch.of(values, shapes.get(i)));
        }
        PlanBuilder builder = new PlanBuilder(inputs);
        int result = builder.add("operation", operation, read);
        try (Engine running = engine.start(builder.build(Map.of("result", result)), 2)) {
            float[] found = running.run(batches, Set.of("result")).host("result");

            int size = builder.shape(result).size();
            for (int image = 0; image < IMAGES; image++) {
                double[] expected = OperationDefinition.result(operation, part(numbers, shapes, image), shapes);
                for (int i = 0; i < size; i++) {
                    float number = found[image * size + i];
                    if (!(Math.abs(number - expected[i]) <= bound * (1 + Math.abs(expected[i])))) {
                        return Optional.of(operation.describe() + " of " + shapes + ": image " + image + ", number " + i
                                + " is " + number + ", expected " + expected[i]);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<double[]> part(List<float[]> numbers, List<Shape> shapes, int image) {
        List<double[]> parts = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            double[] part = new double[shapes.get(i).size()];
            for (int k = 0; k < part.length; k++) {
                part[k] = numbers.get(i)[image * part.length + k];
            }
            parts.add(part);
        }
        return parts;
    }
}
