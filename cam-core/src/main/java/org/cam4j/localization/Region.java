package org.cam4j.localization;

import java.util.Comparator;

/**
 * A connected region of pixels.
 *
 * @param box the smallest box around it
 * @param area how many pixels it has
 */
record Region(BoundingBox box, long area) {

    /** Most pixels first; sorting keeps equal ones in the order in which they were found. */
    static final Comparator<Region> LARGEST_FIRST = (one, other) -> Long.compare(other.area, one.area);
}
