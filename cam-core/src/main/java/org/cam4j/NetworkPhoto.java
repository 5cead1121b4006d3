package org.cam4j;

import org.cam4j.engine.Batch;
import org.cam4j.engine.Values;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.network.Progress;
import org.cam4j.image.MapPlacement;

/**
 * A photo in a mapper's network.
 *
 * @param lifetime the mapper's
 * @param networks the mapper's network
 * @param input the prepared photo
 * @param pass the outputs of a run of the network
 * @param index the photo's index in that run
 */
record NetworkPhoto(Lifetime lifetime, MethodNetworks networks, Batch input, Values pass, int index)
        implements PhotoMethods {

    @Override
    public ExplainedImage image(Progress progress) {
        lifetime.requireOpen();
        return networks.of(input.shape()).image(input, pass, index, progress);
    }

    @Override
    public MapPlacement placement(RawMap map) {
        return networks.placement(input.shape(), map);
    }
}
