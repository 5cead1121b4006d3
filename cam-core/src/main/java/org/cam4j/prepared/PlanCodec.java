package org.cam4j.prepared;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cam4j.exception.Quoted;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;

/** A plan's fields: inputs (name, shape), steps (value, name, values read, operation) and outputs (name, value). */
final class PlanCodec {

    private PlanCodec() {}

    /** @param places assigns offsets to weights; empty if weights are left out */
    static void write(InferencePlan plan, FieldWriter to, Optional<Blocks<WeightArray>> places) {
        OperationWriter operations = new OperationWriter(to, places);
        to.list(plan.inputs().entrySet(), input -> OperationWriter.shape(to.text(input.getKey()), input.getValue()));
        to.list(plan.steps(), step -> {
            to.number(step.value()).text(step.name()).list(step.inputs(), to::number);
            step.operation().accept(operations);
        });
        to.list(plan.outputs().entrySet(), output -> to.text(output.getKey()).number(output.getValue()));
    }

    /** @param isLean whether weights were left out */
    static InferencePlan read(FieldReader from, boolean isLean, OperationReader.Source source) {
        OperationReader operations = new OperationReader(from, isLean, source);
        Map<String, Shape> inputs = map(from, () -> OperationReader.shape(from));
        List<Step> steps = from.list(() -> {
            int value = from.number();
            String name = from.text();
            List<Integer> read = from.list(from::number);
            return new Step(value, name, operations.operation(), read);
        });
        return new InferencePlan(inputs, steps, map(from, from::number));
    }

    private static <T> Map<String, T> map(FieldReader from, Supplier<T> reader) {
        Map<String, T> map = new LinkedHashMap<>();
        for (Map.Entry<String, T> entry : from.list(() -> Map.entry(from.text(), reader.get()))) {
            if (map.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
                throw new IllegalArgumentException(
                        "it names two inputs or two outputs " + Quoted.of(entry.getKey()) + ": expected one of a name");
            }
        }
        return map;
    }
}
