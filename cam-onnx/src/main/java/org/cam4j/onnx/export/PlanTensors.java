package org.cam4j.onnx.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * The tensors that hold a plan's values, each with the batch as its first axis. A value [h, w, c] may be there as [N, h, w, c] and as
 * [N, c, h, w]; the other form is made where it is asked for, once. All other values are in the plan's order.
 */
final class PlanTensors {

    private static final int[] TO_FIRST = {0, 3, 1, 2};
    private static final int[] TO_LAST = {0, 2, 3, 1};

    private final GraphDraft draft;
    private final InferencePlan plan;
    private final Map<Integer, String> first = new HashMap<>();
    private final Map<Integer, String> last = new HashMap<>();

    PlanTensors(GraphDraft draft, InferencePlan plan) {
        this.draft = draft;
        this.plan = plan;
    }

    Shape shape(int value) {
        return plan.shape(value);
    }

    void put(int value, String tensor, boolean isFirst) {
        (isFirst ? first : last).put(value, tensor);
    }

    /** Whether a value is there with the channels first. */
    boolean isFirst(int value) {
        return first.containsKey(value);
    }

    /** Whether values should be read with the channels first: all can be, and the first one is. */
    boolean areFirst(List<Integer> values) {
        return isFirst(values.get(0))
                && values.stream().allMatch(value -> shape(value).isImage());
    }

    String get(int value, boolean isFirst) {
        return isFirst ? first(value) : last(value);
    }

    /** Returns a value [h, w, c] as [N, c, h, w]. */
    String first(int value) {
        String known = first.get(value);
        if (known == null) {
            known = shape(value).isVector()
                    ? reshaped(last.get(value), shape(value).channels(), 1, 1)
                    : transposed(last.get(value), TO_FIRST);
            first.put(value, known);
        }
        return known;
    }

    /** Returns a value in the plan's order behind the batch. */
    String last(int value) {
        String known = last.get(value);
        if (known == null) {
            known = shape(value).isVector()
                    ? reshaped(first.get(value), 1, 1, shape(value).channels())
                    : transposed(first.get(value), TO_LAST);
            last.put(value, known);
        }
        return known;
    }

    /** Returns a vector as [N, c]. */
    String flat(int value) {
        String any = last.getOrDefault(value, first.get(value));
        return shape(value).rank() == 1
                ? any
                : draft.node("Flatten", any).with("axis", 1L).output();
    }

    String transposed(String tensor, int... order) {
        return draft.node("Transpose", tensor).with("perm", order).output();
    }

    /** Gives a tensor other axes behind the batch. */
    String reshaped(String tensor, int... sizes) {
        long[] dims = new long[sizes.length + 1];
        for (int i = 0; i < sizes.length; i++) {
            dims[i + 1] = sizes[i];
        }
        // 0: as many images as there are.
        return draft.add("Reshape", tensor, draft.longs(dims));
    }
}
