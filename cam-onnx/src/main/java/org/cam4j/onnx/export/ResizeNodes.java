package org.cam4j.onnx.export;

import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;

/** Resizing as nodes that all runtimes compute alike. */
final class ResizeNodes {

    private static final long ROWS = 2;
    private static final long COLUMNS = 3;

    private final GraphDraft draft;

    ResizeNodes(GraphDraft draft) {
        this.draft = draft;
    }

    /** Resizes [N, c, h, w]. */
    String of(Resize resize, Shape shape, String image) {
        if (resize.interpolation() == Resize.Interpolation.BILINEAR) {
            return draft.isForThisProcess()
                    ? new InterpolationNodes(draft).of(resize, shape, image)
                    : resized(resize, image, "linear", "half_pixel").output();
        }
        boolean isMultiple = resize.height() % shape.height() == 0 && resize.width() % shape.width() == 0;
        if (isMultiple) {
            return resized(resize, image, "nearest", "asymmetric")
                    .with("nearest_mode", "floor")
                    .output();
        }
        // Where a centre falls on the edge of two cells, runtimes differ.
        String rows = picked(image, ROWS, Resize.nearest(shape.height(), resize.height()));
        return picked(rows, COLUMNS, Resize.nearest(shape.width(), resize.width()));
    }

    private NodeDraft resized(Resize resize, String image, String mode, String coordinates) {
        String batchAndChannels = draft.add("Slice", draft.add("Shape", image), draft.longs(0), draft.longs(2));
        String sizes = draft.node("Concat", batchAndChannels, draft.longs(resize.height(), resize.width()))
                .with("axis", 0L)
                .output();
        return draft.node("Resize", image, "", "", sizes)
                .with("mode", mode)
                .with("coordinate_transformation_mode", coordinates);
    }

    private String picked(String image, long axis, int... sources) {
        long[] entries = new long[sources.length];
        for (int i = 0; i < sources.length; i++) {
            entries[i] = sources[i];
        }
        return draft.node("Gather", image, draft.longs(entries))
                .with("axis", axis)
                .output();
    }
}
