package org.cam4j.door;

import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;

/**
 * What a model says of photos and classes. The application's own settings override it.
 *
 * @param preprocessing how pixels become input values
 * @param interpolation how photos are resized
 * @param fit how a photo's proportions become the input's
 * @param shortSide the length to which the photo's shorter side is resized before a centre crop
 * @param labels the classes' names, written as in a labels file: one a line, a JSON list or object, Python's dictionary
 */
public record PhotoSettings(
        Optional<Preprocessing> preprocessing,
        Optional<Interpolation> interpolation,
        Optional<Fit> fit,
        OptionalInt shortSide,
        Optional<String> labels) {

    /** Nothing is said. */
    public static final PhotoSettings NONE = new PhotoSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
}
