package org.cam4j.evaluation.localization;

import java.util.Optional;
import org.cam4j.localization.BoundingBox;

/**
 * A box and how well it agrees with what a person drew.
 *
 * @param box in the photo's own pixels; empty where nothing in the photo speaks for the class
 * @param intersectionOverUnion with the labelled box that it agrees with best, in [0, 1]; 0 for no box
 */
public record BoxOverlap(Optional<BoundingBox> box, double intersectionOverUnion) {}
