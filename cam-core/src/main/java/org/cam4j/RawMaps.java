package org.cam4j;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.cam4j.engine.FiniteNumbers;
import org.cam4j.exception.PhotoException;

/**
 * The raw maps of one photo, computed on demand.
 *
 * @param layer the name of the target layer
 * @param height rows of each map
 * @param width columns of each map
 * @param byClass computes the map of a class, a new array [height, width], and its bias
 */
record RawMaps(String layer, int height, int width, IntFunction<Activations.ClassMap> byClass) {

    /** Creates the maps of one image of a batch; holds the activations of the whole batch. */
    static RawMaps of(String layer, Activations activations, int image) {
        return new RawMaps(layer, activations.height(), activations.width(), classIndex -> {
            Activations.ClassMap map = activations.classMap(image, classIndex);
            if (!FiniteNumbers.areAll(map.values()) || !Float.isFinite(map.bias())) {
                throw new PhotoException(
                        "the map of class " + classIndex + " is not finite: its numbers are beyond single"
                                + " precision. Look for huge numbers among the model's weights.");
            }
            return map;
        });
    }

    /**
     * Creates maps from computed values.
     *
     * @param maps [classes, height, width], row-major; not copied
     * @param biases [classes]; not copied
     */
    static RawMaps of(String layer, float[] maps, float[] biases, int height, int width) {
        int cells = height * width;
        return new RawMaps(
                layer,
                height,
                width,
                classIndex -> new Activations.ClassMap(
                        Arrays.copyOfRange(maps, classIndex * cells, (classIndex + 1) * cells), biases[classIndex]));
    }

    /** Returns the map of a class, a new array [height, width], and its bias. */
    Activations.ClassMap map(int classIndex) {
        return byClass.apply(classIndex);
    }
}
