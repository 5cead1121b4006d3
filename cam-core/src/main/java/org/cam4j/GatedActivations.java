package org.cam4j;

import org.cam4j.classifier.WayBack;
import org.cam4j.engine.Values;

/** Activations of a network whose head is not linear: each map needs a walk back through the head. */
final class GatedActivations extends HostActivations {

    private final WayBack back;

    GatedActivations(Values values, WayBack back) {
        super(values);
        this.back = back;
    }

    /** {@code h · w · Σ_k G · A} for each cell, with {@code A} the values at which the way back ends. */
    @Override
    float map(int image, int classIndex, float[] maps, int offset) {
        float[] seed = new float[classes()];
        seed[classIndex] = 1;
        WayBack.Result found = back.walk(values(), image, seed)[0];
        float[] summands = values().host(back.end());
        float[] gradient = found.gradient();
        int channels = gradient.length / cells();
        int start = image * cells() * channels;
        for (int cell = 0; cell < cells(); cell++) {
            double sum = 0;
            for (int k = cell * channels; k < (cell + 1) * channels; k++) {
                sum += (double) gradient[k] * summands[start + k];
            }
            maps[offset + cell] = (float) (cells() * sum);
        }
        return found.bias();
    }
}
