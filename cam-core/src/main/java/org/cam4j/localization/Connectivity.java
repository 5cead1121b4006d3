package org.cam4j.localization;

/** The neighbourhood by which pixels form a region. */
public enum Connectivity {
    /** Pixels that share a side. */
    FOUR,
    /** Pixels that share a side or a corner, as in OpenCV's {@code findContours}. */
    EIGHT
}
