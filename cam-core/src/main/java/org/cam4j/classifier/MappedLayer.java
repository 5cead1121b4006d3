package org.cam4j.classifier;

import java.util.Objects;

/**
 * A layer whose activations a classifier pools.
 *
 * @param value the number of the value in the plan
 * @param name the layer's name: a convolution or a layer behind one (activation, addition, ...)
 * @param lastConvolution the convolution nearest to the pooling, by name
 * @param channels the number of feature maps
 */
public record MappedLayer(int value, String name, String lastConvolution, int channels) {

    /** Checks that there are maps. */
    public MappedLayer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(lastConvolution, "lastConvolution");
        if (channels < 1) {
            throw new IllegalArgumentException("'" + name + "' has " + channels + " feature maps: expected some");
        }
    }
}
