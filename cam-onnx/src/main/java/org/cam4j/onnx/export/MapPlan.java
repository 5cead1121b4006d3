package org.cam4j.onnx.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cam4j.classifier.StoredWayBack;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/**
 * One plan from an image to the map of a class: the network, the way back from its logits to its features with held gates, and
 * {@code M = h · w · Σ_k G_k · A_k}. Then {@code mean(M) + bias} is the class's logit, whatever the head.
 */
final class MapPlan {

    /** The output that holds the map, [h, w]. */
    static final String CAM = "cam";

    /** The output that holds what the logit has without the features, [1]. */
    static final String BIAS = "bias";

    private final PlanBuilder builder;
    private final Map<String, Integer> outputs = new TreeMap<>();

    private MapPlan(Map<String, Shape> inputs) {
        this.builder = new PlanBuilder(inputs);
    }

    /**
     * Returns the plan.
     *
     * @param plan a classifier's, with the outputs features, logits and the values that the way back reads
     * @return a plan with the inputs {@link InferencePlan#IMAGE} and {@link Adjoint#SEED}, the weight of each logit, and the outputs
     *     features, logits, {@link #CAM} and {@link #BIAS}
     * @throws IllegalArgumentException if there is no way back
     */
    static InferencePlan of(InferencePlan plan) {
        InferencePlan backward = PlanPass.simplified(StoredWayBack.of(plan));
        Map<String, Shape> inputs = new LinkedHashMap<>();
        inputs.put(InferencePlan.IMAGE, plan.input());
        inputs.put(Adjoint.SEED, plan.shape(plan.output(InferencePlan.LOGITS)));
        return new MapPlan(inputs).joined(plan, backward);
    }

    private InferencePlan joined(InferencePlan plan, InferencePlan backward) {
        Map<Integer, Integer> forward = added(plan, new HashMap<>(Map.of(InferencePlan.INPUT, 0)));
        int features = forward.get(plan.output(InferencePlan.FEATURES));
        outputs.put(InferencePlan.FEATURES, features);
        outputs.put(InferencePlan.LOGITS, forward.get(plan.output(InferencePlan.LOGITS)));
        Map<Integer, Integer> read = new HashMap<>();
        backward.inputs()
                .keySet()
                .forEach(name -> read.put(read.size(), name.equals(Adjoint.SEED) ? 1 : forward.get(plan.output(name))));
        Map<Integer, Integer> back = added(backward, read);
        outputs.put(BIAS, back.get(backward.output(Adjoint.BIAS)));
        outputs.put(CAM, map(features, back.get(backward.output(Adjoint.GRADIENT))));
        return builder.build(outputs);
    }

    /**
     * Adds a plan's steps.
     *
     * @param numbers of the plan's inputs among the values so far; completed
     * @return the numbers of all values
     */
    private Map<Integer, Integer> added(InferencePlan plan, Map<Integer, Integer> numbers) {
        for (Step step : plan.steps()) {
            int[] read = step.inputs().stream().mapToInt(numbers::get).toArray();
            numbers.put(step.value(), builder.add(step.name(), step.operation(), read));
        }
        return numbers;
    }

    private int map(int features, int gradient) {
        Shape shape = builder.shape(features);
        int products = builder.add(CAM, new Elementwise(Elementwise.Kind.MULTIPLY), features, gradient);
        float[] cells = new float[shape.channels()];
        Arrays.fill(cells, (float) shape.height() * shape.width());
        int sums = builder.add(CAM, Dense.of(cells, new float[1], Activation.IDENTITY), products);
        return builder.add(CAM, new Reshape(new Shape(shape.height(), shape.width())), sums);
    }

    /** Returns the sizes of a value's axes, as a list of ONNX's dimensions behind the batch. */
    static List<Long> dims(Shape shape) {
        List<Long> dims = new ArrayList<>();
        for (int size : shape.sizes()) {
            dims.add((long) size);
        }
        return dims;
    }
}
