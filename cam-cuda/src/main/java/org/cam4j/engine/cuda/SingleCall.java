package org.cam4j.engine.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cam4j.engine.HostValues;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** A run of one image, which others may join. */
final class SingleCall extends JoinedCalls.Waiting {

    private final List<Source> sources;
    private final Set<String> wanted;
    private final Map<String, float[]> found = new TreeMap<>();

    /**
     * Creates a call.
     *
     * @param sources of all inputs
     * @param wanted names of outputs
     */
    SingleCall(List<Source> sources, Set<String> wanted) {
        this.sources = sources;
        this.wanted = Set.copyOf(wanted);
    }

    @Override
    boolean isLike(JoinedCalls.Waiting other) {
        return wanted.equals(((SingleCall) other).wanted);
    }

    List<Source> sources() {
        return sources;
    }

    Set<String> wanted() {
        return wanted;
    }

    /** An array for each output of so many images. */
    static Map<String, float[]> arrays(InferencePlan plan, Set<String> names, int count) {
        Map<String, float[]> arrays = new TreeMap<>();
        for (String name : names) {
            int size = plan.shape(plan.output(name)).size();
            arrays.put(name, new float[Math.multiplyExact(count, size)]);
        }
        return arrays;
    }

    /** Takes this call's share of the results of a batch of so many images. */
    void take(Map<String, float[]> arrays, int image, int images) {
        for (String name : wanted) {
            float[] all = arrays.get(name);
            int size = all.length / images;
            found.put(name, Arrays.copyOfRange(all, image * size, (image + 1) * size));
        }
    }

    Values result(InferencePlan plan) {
        Map<String, Shape> shapes = new TreeMap<>();
        found.keySet().forEach(name -> shapes.put(name, plan.shape(plan.output(name))));
        return new HostValues(1, found, shapes);
    }
}
