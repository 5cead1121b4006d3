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

    @Override
    float map(int image, int classIndex, float[] maps, int offset) {
        float[] seed = new float[classes()];
        seed[classIndex] = 1;
        WayBack.Result found = back.walk(values(), image, seed)[0];
        found.map(values().host(back.end()), image, maps, offset);
        return found.bias();
    }
}
