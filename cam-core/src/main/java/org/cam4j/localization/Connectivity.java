package org.cam4j.localization;

/** Which pixels of a region belong together. */
public enum Connectivity {
    /** Pixels that share a side. */
    FOUR,
    /** Pixels that share a side or a corner, as in OpenCV's {@code findContours}. */
    EIGHT
}
