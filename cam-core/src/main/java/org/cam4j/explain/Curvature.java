package org.cam4j.explain;

import java.util.Arrays;

/** Second derivatives by central differences of gradients. */
final class Curvature {

    /** A share of the activations that moves them by a few units in the last place: a gradient that stays the same has no curvature. */
    private static final double TOUCH = 0x1p-20;

    /** The rounding of gradients divided by the step, and the step to the fourth power, are both below 1e-5. */
    private static final double STEP = 0x1p-6;

    private Curvature() {}

    /**
     * Returns {@code d/dt ∇f(tA)} at t = 1, which is the Hessian times A.
     *
     * <p>The differences are of fourth order: {@code (8 (g(1+s) - g(1-s)) - (g(1+2s) - g(1-2s))) / 12s}. Behind a layer that only
     * ReLUs and linear layers follow, gradients at tA have the same bits for all t that cross no kink; they are compared first.
     */
    static float[] alongActivations(ExplainedImage image, String layer, float[] seed) {
        float[] a = image.activations(layer).values();
        float[][] touched = gradients(image, layer, seed, a, 1 + TOUCH, 1 - TOUCH);
        if (Arrays.equals(touched[0], touched[1])) {
            return new float[a.length];
        }
        float[][] g = gradients(image, layer, seed, a, 1 + STEP, 1 - STEP, 1 + 2 * STEP, 1 - 2 * STEP);
        float[] along = new float[a.length];
        for (int i = 0; i < along.length; i++) {
            double near = (double) g[0][i] - g[1][i];
            double far = (double) g[2][i] - g[3][i];
            along[i] = (float) ((8 * near - far) / (12 * STEP));
        }
        return along;
    }

    private static float[][] gradients(ExplainedImage image, String layer, float[] seed, float[] a, double... factors) {
        return image.gradientsFrom(layer, factors.length, i -> scaled(a, factors[i]), seed);
    }

    private static float[] scaled(float[] values, double factor) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = (float) (factor * values[i]);
        }
        return scaled;
    }
}
