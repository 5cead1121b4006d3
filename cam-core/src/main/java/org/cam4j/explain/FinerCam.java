package org.cam4j.explain;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.exception.UnsupportedModelException;

/**
 * Finer-CAM (Zhang, Gu, Chowdhury, Mai, Carlyn, Berger-Wolf, Su, Chao: "Finer-CAM: Spotting the Difference Reveals Finer Details for
 * Visual Explanation", CVPR 2025).
 *
 * <p>Another method's map of a target that compares the class c with those it is most easily taken for, the three classes d whose logits
 * are nearest to c's: {@code T = y_c - 0.6 mean_d y_d}. Equal distances count in the order of the classes. torch-cam agrees.
 * {@link Variant#PYTORCH_GRAD_CAM} explains {@code T = Σ_d p_d (y_c - y_d) / (Σ_d p_d + 1e-9)}, p the softmax of all logits, and
 * differentiates the weights p too.
 *
 * @param base makes the map of T; the paper takes Grad-CAM
 * @param variant whose target
 */
public record FinerCam(ExplanationMethod base, Variant variant) implements ExplanationMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "finer-cam";

    private static final int COMPARED = 3;

    private static final double STRENGTH = 0.6;

    /**
     * Explains by Grad-CAM of a layer.
     *
     * @param layer the layer's name
     * @return the method with the paper's target
     */
    public static FinerCam at(String layer) {
        return of(GradCam.at(layer));
    }

    /**
     * Explains by Grad-CAM of the network's own target layer, the last one with cells.
     *
     * @return the method with the paper's target
     */
    public static FinerCam atTarget() {
        return of(GradCam.atTarget());
    }

    /**
     * Explains by another method.
     *
     * @param base makes the map
     * @return the method with the paper's target
     */
    public static FinerCam of(ExplanationMethod base) {
        return new FinerCam(base, Variant.AUTHORS);
    }

    /**
     * Chooses whose target.
     *
     * @param other any
     * @return the method with that target
     */
    public FinerCam as(Variant other) {
        return new FinerCam(base, other);
    }

    @Override
    public String name() {
        String name = variant.of(NAME);
        return base instanceof GradCam ? name : name + " of " + base.name();
    }

    /**
     * Makes a map of what sets a class apart.
     *
     * @param target its class alone counts
     * @throws UnsupportedModelException if the network has one output, so that there is no other class
     */
    @Override
    public RawMap map(ExplainedImage image, Target target) {
        return base.map(image, comparison(image.logits(), target.classIndex()));
    }

    private Target comparison(float[] logits, int classIndex) {
        List<Integer> compared = IntStream.range(0, logits.length)
                .filter(d -> d != classIndex)
                .boxed()
                .sorted(Comparator.comparingDouble(d -> Math.abs((double) logits[d] - logits[classIndex])))
                .limit(COMPARED)
                .toList();
        if (compared.isEmpty()) {
            throw new UnsupportedModelException(NAME
                    + " compares a class with others, and the network has one output; choose another method, such as "
                    + GradCam.NAME);
        }
        return variant == Variant.PYTORCH_GRAD_CAM
                ? new WeightedDifferenceTarget(classIndex, compared)
                : mean(classIndex, compared);
    }

    private static Target mean(int classIndex, List<Integer> compared) {
        Target target = Target.logit(classIndex);
        for (int d : compared) {
            target = new SumTarget(target, -STRENGTH / compared.size(), Target.logit(d));
        }
        return target;
    }
}
