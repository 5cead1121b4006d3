package org.cam4j.spark;

import java.io.Serializable;
import java.util.List;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.Methods;

/**
 * What executors do with each photo. Checked on the driver, before any photo is read.
 *
 * @param topK how many of the best classes are explained if none are named
 * @param classes names or indices of the classes to explain; empty for the best
 * @param method the method's name
 * @param layers the layer to explain by; empty for the network's own target layer
 * @param boxRule which boxes are found
 * @param mapFormat how maps are stored
 * @param checks whether maps are checked
 * @param batchSize photos in one run of the network
 * @param threadsPerTask cores for each task that runs at the same time
 * @param maxPixels the largest width times height that is decoded
 * @param invalid what becomes of photos that cannot be explained
 */
record CamSettings(
        int topK,
        List<String> classes,
        String method,
        List<String> layers,
        BoxRule boxRule,
        MapFormat mapFormat,
        boolean checks,
        int batchSize,
        int threadsPerTask,
        long maxPixels,
        InvalidPhotos invalid)
        implements Serializable {

    CamSettings {
        positive("topK", topK);
        positive("batchSize", batchSize);
        positive("threadsPerTask", threadsPerTask);
        positive("maxPixels", maxPixels);
        classes = List.copyOf(classes);
        layers = List.copyOf(layers);
        // Refuses names of no method.
        Methods.named(method, layers);
    }

    private static void positive(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be at least 1");
        }
    }

    /** The method, which is no part of this record because methods are not serializable. */
    ExplanationMethod explanationMethod() {
        return Methods.named(method, layers);
    }

    /** Whether any map is looked at. */
    boolean needsMaps() {
        return checks || mapFormat != MapFormat.NONE || boxRule.rule() != BoxRule.Rule.NONE;
    }
}
