package org.cam4j.onnx.export;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Shape;

/** A classifier and its map as ONNX's graph. */
public final class ExportedGraph {

    /** The input of images. */
    public static final String IMAGE = InferencePlan.IMAGE;

    /** The output of probabilities. */
    public static final String PROBABILITIES = "probabilities";

    private static final Set<String> ENDS = Set.of(
            IMAGE,
            ClassChoice.CLASS,
            PROBABILITIES,
            InferencePlan.LOGITS,
            InferencePlan.FEATURES,
            MapPlan.CAM,
            MapPlan.BIAS);

    private final InferencePlan plan;
    private final boolean isChannelsFirst;
    private final GraphDraft draft = new GraphDraft(ENDS);
    private final PlanTensors tensors;

    private ExportedGraph(InferencePlan plan, boolean isChannelsFirst) {
        this.plan = plan;
        this.isChannelsFirst = isChannelsFirst;
        this.tensors = new PlanTensors(draft, plan);
    }

    /**
     * Writes a classifier's plan.
     *
     * @param name of the graph
     * @param plan with the outputs features, logits and the values that the way back reads
     * @param scores the operator that makes probabilities of logits, such as {@code Softmax}
     * @param isChannelsFirst whether image and features are [N, c, h, w]; otherwise [N, h, w, c]
     * @return the graph
     * @throws org.cam4j.exception.UnsupportedModelException if a step cannot be written, or the weights need more than 2 GiB
     * @throws IllegalArgumentException if there is no way back
     */
    public static GraphProto of(String name, InferencePlan plan, String scores, boolean isChannelsFirst) {
        return new ExportedGraph(MapPlan.of(plan), isChannelsFirst).graph(name, scores);
    }

    private GraphProto graph(String name, String scores) {
        int image = InferencePlan.INPUT;
        draft.input(IMAGE, TensorProto.DataType.FLOAT, GraphDraft.BATCH, dims(plan.shape(image), isChannelsFirst));
        tensors.put(image, IMAGE, isChannelsFirst);
        ClassChoice.declare(draft);
        int logits = plan.output(InferencePlan.LOGITS);
        Set<Integer> forward = forward();
        plan.steps().stream().filter(step -> forward.contains(step.value())).forEach(this::write);
        int classes = plan.shape(logits).size();
        String scored = tensors.flat(logits);
        tensors.put(plan.inputs().keySet().stream().toList().indexOf(Adjoint.SEED), seed(scored, logits), false);
        plan.steps().stream().filter(step -> !forward.contains(step.value())).forEach(this::write);

        draft.step(PROBABILITIES);
        draft.output(PROBABILITIES, draft.add(scores, scored), List.of((long) classes));
        draft.output(InferencePlan.LOGITS, scored, List.of((long) classes));
        int features = plan.output(InferencePlan.FEATURES);
        boolean areFirst = isChannelsFirst && plan.shape(features).isImage();
        draft.output(InferencePlan.FEATURES, tensors.get(features, areFirst), dims(plan.shape(features), areFirst));
        int cam = plan.output(MapPlan.CAM);
        draft.output(MapPlan.CAM, tensors.last(cam), dims(plan.shape(cam), false));
        draft.step(MapPlan.BIAS);
        String bias = tensors.flat(plan.output(MapPlan.BIAS));
        draft.output(MapPlan.BIAS, draft.add("Reshape", bias, draft.longs(-1)), List.of());
        return draft.graph(name);
    }

    private String seed(String scored, int logits) {
        String weights = ClassChoice.weights(draft, scored, plan.shape(logits).size());
        return plan.shape(logits).rank() == 1
                ? weights
                : tensors.reshaped(weights, plan.shape(logits).sizes());
    }

    private void write(Step step) {
        StepNodes.write(draft, tensors, step);
    }

    /** Returns the values that do not depend on the chosen class. */
    private Set<Integer> forward() {
        int seed = List.copyOf(plan.inputs().keySet()).indexOf(Adjoint.SEED);
        Set<Integer> behind = new HashSet<>(Set.of(seed));
        Set<Integer> forward = new HashSet<>();
        for (Step step : plan.steps()) {
            (step.inputs().stream().anyMatch(behind::contains) ? behind : forward).add(step.value());
        }
        return forward;
    }

    private static List<Long> dims(Shape shape, boolean isFirst) {
        return isFirst
                ? List.of((long) shape.channels(), (long) shape.height(), (long) shape.width())
                : MapPlan.dims(shape);
    }
}
