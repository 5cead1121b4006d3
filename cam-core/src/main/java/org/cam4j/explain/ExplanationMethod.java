package org.cam4j.explain;

/**
 * A way to show which part of an image a network's score comes from. Immutable and thread-safe.
 *
 * <p>Maps are raw: neither rectified nor normalised, at the layer's size.
 */
public interface ExplanationMethod {

    /**
     * Returns the method's name on the command line and in files.
     *
     * @return for example {@code grad-cam}
     */
    String name();

    /**
     * Makes a map of one image.
     *
     * @param image the image in the network
     * @param target what to explain
     * @return the raw map
     */
    RawMap map(ExplainedImage image, Target target);
}
