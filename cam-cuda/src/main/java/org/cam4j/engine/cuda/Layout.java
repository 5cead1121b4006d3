package org.cam4j.engine.cuda;

/** The order of a batch's numbers in memory. */
enum Layout {
    /** [n][cells][channels], as plans have it. */
    ROWS,
    /** [n][channels][cells]: float convolutions of 3x3 take a fourth to two thirds of the time that they take on rows. */
    PLANES
}
