package org.cam4j;

import java.util.Arrays;
import org.cam4j.engine.Values;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.network.Progress;
import org.cam4j.image.MapPlacement;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * A photo in a mapper's network.
 *
 * @param lifetime the mapper's
 * @param networks the mapper's network
 * @param shape of the network's input
 * @param input the prepared photo; not copied
 * @param pass the outputs of a run of the network
 * @param index the photo's index in that run
 */
record NetworkPhoto(Lifetime lifetime, MethodNetworks networks, Shape shape, float[] input, Values pass, int index)
        implements PhotoMethods {

    @Override
    public ExplainedImage image(Progress progress) {
        lifetime.requireOpen();
        return networks.of(shape).image(input, ofPass(InferencePlan.FEATURES), ofPass(InferencePlan.LOGITS), progress);
    }

    private float[] ofPass(String output) {
        int size = pass.shape(output).size();
        return Arrays.copyOfRange(pass.host(output), index * size, (index + 1) * size);
    }

    @Override
    public MapPlacement placement(RawMap map) {
        return networks.placement(shape, map);
    }
}
