package org.cam4j;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.cam4j.engine.FiniteNumbers;
import org.cam4j.exception.PhotoException;

/**
 * The raw maps of one photo, computed on demand.
 *
 * @param height rows of each map
 * @param width columns of each map
 * @param byClass computes the map of a class, a new array [height, width]
 */
record RawMaps(int height, int width, IntFunction<float[]> byClass) {

    /** Creates the maps of one image of a batch; holds the activations of the whole batch. */
    static RawMaps of(Activations activations, int image) {
        return new RawMaps(activations.height(), activations.width(), classIndex -> {
            float[] map = activations.map(image, classIndex);
            if (!FiniteNumbers.areAll(map)) {
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
     */
    static RawMaps of(float[] maps, int height, int width) {
        int cells = height * width;
        return new RawMaps(
                height, width, classIndex -> Arrays.copyOfRange(maps, classIndex * cells, (classIndex + 1) * cells));
    }

    /** Returns the map of a class: a new array [height, width]. */
    float[] map(int classIndex) {
        return byClass.apply(classIndex);
    }

    /** Returns the maps of the first {@code classes} classes: a new array [classes, height, width]. */
    float[] all(int classes) {
        int cells = height * width;
        float[] all = new float[Math.multiplyExact(classes, cells)];
        for (int c = 0; c < classes; c++) {
            System.arraycopy(map(c), 0, all, c * cells, cells);
        }
        return all;
    }
}
