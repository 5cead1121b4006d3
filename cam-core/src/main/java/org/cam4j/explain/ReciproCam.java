package org.cam4j.explain;

/**
 * ReciproCAM (Byun, Lee: "ReciproCAM: Lightweight Gradient-free Class Activation Map for Post-hoc Explanations", CVPR workshops 2024). Takes
 * no gradient; the part of the network behind the layer runs once for each cell.
 *
 * <p>M(y, x) is the probability of the target's class when all activations but those around the cell are 0: they are multiplied by the
 * kernel (1, 2, 1; 2, 4, 2; 1, 2, 1) / 16 with its middle at the cell, cut off at the edges. The authors' code scales the map to [0, 1]; here
 * it is raw.
 *
 * <p>At a layer of tokens the tokens without a place, such as the class token, stay as they are: at the first normalization of a
 * transformer's last block that is ViT-ReciproCAM (Byun, Lee: "ViT-ReciproCAM: Gradient and Attention-Free Visual Explanations for Vision
 * Transformer", arXiv:2310.02588, 2023).
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record ReciproCam(String layer) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "recipro-cam";

    /** A row or column of the kernel, of which the kernel is the product. */
    private static final float[] BESIDE = {0.25f, 0.5f, 0.25f};

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static ReciproCam at(String layer) {
        return new ReciproCam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static ReciproCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        Target probability = image.logProbability(target).exp();
        float[][] logits = image.logitsFrom(layer, a.cells(), cell -> around(a, cell / a.width(), cell % a.width()));
        float[] map = new float[a.cells()];
        for (int cell = 0; cell < map.length; cell++) {
            map[cell] = (float) probability.value(logits[cell]);
        }
        return new RawMap(a.layer(), a.height(), a.width(), map);
    }

    /** Returns the activations around a cell, 0 elsewhere. */
    private static float[] around(LayerActivations a, int row, int column) {
        float[] around = new float[a.values().length];
        for (int y = Math.max(row - 1, 0); y <= Math.min(row + 1, a.height() - 1); y++) {
            for (int x = Math.max(column - 1, 0); x <= Math.min(column + 1, a.width() - 1); x++) {
                float factor = BESIDE[y - row + 1] * BESIDE[x - column + 1];
                int first = (y * a.width() + x) * a.channels();
                for (int i = first; i < first + a.channels(); i++) {
                    around[i] = factor * a.values()[i];
                }
            }
        }
        return around;
    }
}
