package org.cam4j.image;

import java.util.List;
import java.util.Objects;

/**
 * What photos are decoded for, so that no more of them is kept.
 *
 * @param preparation how the network sees them
 * @param longestSides the pictures that are drawn of them, as for {@link DecodedPhoto#fitted}; each at least 1
 */
record PhotoUse(ImagePreparation preparation, List<Integer> longestSides) {

    PhotoUse {
        Objects.requireNonNull(preparation, "preparation");
        longestSides = longestSides.stream().distinct().toList();
        for (int side : longestSides) {
            if (side < 1) {
                throw new IllegalArgumentException("a picture of " + side + " pixels: give at least 1");
            }
        }
    }
}
