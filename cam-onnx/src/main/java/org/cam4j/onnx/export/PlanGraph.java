package org.cam4j.onnx.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * Any plan as an ONNX model for a runtime in the same process, with all its inputs and outputs and no map. Large weights stay the plan's
 * arrays: the model names them as external data, and the runtime gets them by these names.
 *
 * @param model the message's bytes: opset 17, float32, any number of images at a time
 * @param inputs tensors [N, ...] by the plan's inputs, in the plan's order of axes and of inputs
 * @param outputs tensors [N, ...] by the plan's outputs, in the plan's order of axes
 * @param weights by the names of tensors that the model says are external
 */
public record PlanGraph(
        byte[] model, Map<String, String> inputs, Map<String, String> outputs, Map<String, Weights> weights) {

    /**
     * An array of weights.
     *
     * @param values row-major; shared, do not modify. Read again on each call if the plan's weights are in a file
     * @param dims sizes of the axes
     */
    public record Weights(Supplier<float[]> values, long[] dims) {}

    /** Takes the maps as they are. */
    public PlanGraph {
        inputs = Collections.unmodifiableMap(inputs);
        outputs = Collections.unmodifiableMap(outputs);
        weights = Collections.unmodifiableMap(weights);
    }

    /**
     * Writes a plan.
     *
     * @param plan any plan
     * @return the model
     * @throws org.cam4j.exception.UnsupportedModelException if nodes of ONNX cannot say what a step computes
     */
    public static PlanGraph of(InferencePlan plan) {
        Map<String, String> inputs = tensors("in", plan.inputs().keySet());
        Map<String, String> outputs = tensors("out", plan.outputs().keySet());
        Map<String, Weights> weights = new LinkedHashMap<>();
        Set<String> ends = new HashSet<>(inputs.values());
        ends.addAll(outputs.values());
        GraphDraft draft = new GraphDraft(ends, Optional.of(weights));
        PlanTensors tensors = new PlanTensors(draft, plan);
        List<Shape> shapes = new ArrayList<>(plan.inputs().values());
        List<String> names = new ArrayList<>(inputs.values());
        for (int i = 0; i < names.size(); i++) {
            draft.input(names.get(i), TensorProto.DataType.FLOAT, GraphDraft.BATCH, MapPlan.dims(shapes.get(i)));
            tensors.put(i, names.get(i), false);
        }
        plan.steps().forEach(step -> StepNodes.write(draft, tensors, step));
        outputs.forEach((output, name) -> {
            int value = plan.output(output);
            draft.step(name);
            draft.output(name, tensors.last(value), MapPlan.dims(plan.shape(value)));
        });
        return new PlanGraph(ExportedModel.of(draft.graph("plan")).build().toByteArray(), inputs, outputs, weights);
    }

    private static Map<String, String> tensors(String prefix, Set<String> ends) {
        Map<String, String> tensors = new LinkedHashMap<>();
        ends.forEach(end -> tensors.put(end, prefix + tensors.size()));
        return tensors;
    }
}
