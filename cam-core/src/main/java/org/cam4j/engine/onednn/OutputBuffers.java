package org.cam4j.engine.onednn;

/**
 * What a run of several images gives.
 *
 * @param features [n, h, w, k]
 * @param featuresEach numbers of one image's features
 * @param logits [n, classes]
 * @param classes numbers of one image's logits
 */
record OutputBuffers(float[] features, int featuresEach, float[] logits, int classes) {

    static OutputBuffers of(int images, int featuresEach, int classes) {
        return new OutputBuffers(
                new float[Math.multiplyExact(images, featuresEach)],
                featuresEach,
                new float[Math.multiplyExact(images, classes)],
                classes);
    }
}
