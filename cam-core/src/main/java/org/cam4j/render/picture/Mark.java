package org.cam4j.render.picture;

import java.util.Optional;
import org.cam4j.localization.BoundingBox;

/**
 * A box on an overlay.
 *
 * @param box in the photo's pixels
 * @param text what it says; empty for a box without words
 */
public record Mark(BoundingBox box, Optional<String> text) {}
