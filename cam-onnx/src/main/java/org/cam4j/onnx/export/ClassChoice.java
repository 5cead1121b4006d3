package org.cam4j.onnx.export;

import java.util.List;
import java.util.stream.LongStream;
import org.cam4j.onnx.schema.TensorProto;

/** The class whose map is shown: an optional input, and the weights of the logits that follow from it. */
final class ClassChoice {

    /** The input [1] or [N], int64; {@value #BEST} by default. */
    static final String CLASS = "class";

    /** Stands for the class with the largest logit. */
    static final long BEST = -1;

    private ClassChoice() {}

    /** Declares the input, whose value in the file is the default. */
    static void declare(GraphDraft draft) {
        draft.input(CLASS, TensorProto.DataType.INT64, "classes of maps", List.of());
        draft.integers(CLASS, BEST);
    }

    /**
     * Returns the tensor that has 1 for the chosen class and 0 elsewhere.
     *
     * @param logits [N, classes]
     * @param classes how many
     * @return [N, classes]
     */
    static String weights(GraphDraft draft, String logits, int classes) {
        draft.step("chosen class");
        String best = draft.node("ArgMax", logits)
                .with("axis", 1L)
                .with("keepdims", 0L)
                .output();
        String isBest = draft.add("Less", CLASS, draft.longs(0));
        String chosen = draft.add("Where", isBest, best, CLASS);
        // Of a class that is out of range, OneHot would make nothing, and a map of zeros; Gather fails.
        String all = draft.longs("classes", LongStream.range(0, classes).toArray());
        String checked = draft.add("Gather", all, chosen);
        return draft.add("OneHot", checked, draft.longs(classes), draft.floats("off and on", new float[] {0, 1}, 2));
    }
}
