package org.cam4j;

import java.util.OptionalDouble;

/**
 * Where a map's values come from.
 *
 * @param method the method's name, such as {@code cam}
 * @param layer the name of the layer whose cells these are; empty for pixels of the network's input
 * @param bias what the score has besides the map's mean; empty if the map does not add up to a score
 */
record MapOrigin(String method, String layer, OptionalDouble bias) {

    /** Of values that the application computed. */
    static final MapOrigin UNKNOWN = new MapOrigin("", "", OptionalDouble.empty());

    /** The same origin of values that were changed, so that they no longer add up. */
    MapOrigin changed() {
        return new MapOrigin(method, layer, OptionalDouble.empty());
    }
}
