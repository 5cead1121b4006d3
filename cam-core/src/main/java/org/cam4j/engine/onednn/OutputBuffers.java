package org.cam4j.engine.onednn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * The output arrays of a run of several images.
 *
 * @param outputs the requested outputs
 */
record OutputBuffers(List<Output> outputs) {

    /**
     * One requested output.
     *
     * @param name of the output
     * @param numbers [n, ...]
     * @param each how many numbers belong to one image
     */
    record Output(String name, float[] numbers, int each) {}

    static OutputBuffers of(InferencePlan plan, Set<String> wanted, int images) {
        return new OutputBuffers(wanted.stream()
                .map(name -> {
                    Shape shape = plan.shape(plan.output(name));
                    return new Output(name, new float[Math.multiplyExact(images, shape.size())], shape.size());
                })
                .toList());
    }

    Map<String, float[]> arrays() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        outputs.forEach(output -> arrays.put(output.name, output.numbers));
        return arrays;
    }

    static Map<String, Shape> shapes(InferencePlan plan, Set<String> wanted) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        wanted.forEach(name -> shapes.put(name, plan.shape(plan.output(name))));
        return shapes;
    }
}
