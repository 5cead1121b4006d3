package org.cam4j.dl4j.graph;

import java.util.Objects;
import org.cam4j.exception.UnsupportedModelException;

/**
 * Feature maps that a classifier pools.
 *
 * @param features the vertex that gives them: a convolution or what follows one (activation, addition, ...)
 * @param lastConvolution the convolution nearest to the pooling, by name
 * @param channels how many
 */
public record PooledMap(String features, String lastConvolution, int channels) {

    /** Checks that there are maps. */
    public PooledMap {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(lastConvolution, "lastConvolution");
        if (channels < 1) {
            throw new IllegalArgumentException("'" + features + "' has " + channels + " feature maps: expected some");
        }
    }

    /**
     * The refusal of maps that do not lie on each other.
     *
     * @param first some maps
     * @param firstHeight their rows
     * @param firstWidth their columns
     * @param other maps of another size
     * @param otherHeight their rows
     * @param otherWidth their columns
     * @return what to throw
     */
    public static UnsupportedModelException ofDifferentSizes(
            PooledMap first, int firstHeight, int firstWidth, PooledMap other, int otherHeight, int otherWidth) {
        return new UnsupportedModelException(
                "the classes are pooled from '" + first.features + "', " + firstHeight + "x"
                        + firstWidth + ", and '" + other.features + "', " + otherHeight + "x" + otherWidth
                        + ": a class activation map is the sum of maps of one size. Bring them to one size before the pooling, with"
                        + " UpSampling2D or AveragePooling2D, and train the head again.");
    }
}
