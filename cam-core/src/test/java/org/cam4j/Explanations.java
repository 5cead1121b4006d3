package org.cam4j;

import java.awt.image.BufferedImage;
import java.util.Optional;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/** Explanations from numbers, without a network. */
public final class Explanations {

    private Explanations() {}

    /**
     * An explanation of a photo that was squashed onto an input of 224x224.
     *
     * @param logits [classes]
     * @param maps [classes, height, width]
     */
    public static Explanation of(
            String name, BufferedImage photo, Labels labels, float[] logits, float[] maps, int height, int width) {
        return of(
                name,
                photo,
                Geometry.squash(photo.getWidth(), photo.getHeight(), 224, 224),
                labels,
                logits,
                maps,
                height,
                width);
    }

    /** An explanation of a photo that lies anywhere in the input. */
    public static Explanation of(
            String name,
            BufferedImage photo,
            Geometry geometry,
            Labels labels,
            float[] logits,
            float[] maps,
            int height,
            int width) {
        MapPlacement whole = MapPlacement.whole(geometry.inputHeight(), geometry.inputWidth());
        return of(name, photo, geometry, whole, labels, logits, maps, height, width);
    }

    /** An explanation of a network whose maps lie anywhere in the input. */
    public static Explanation of(
            String name,
            BufferedImage photo,
            Geometry geometry,
            MapPlacement placement,
            Labels labels,
            float[] logits,
            float[] maps,
            int height,
            int width) {
        return new Explanation(
                name,
                DecodedPhoto.of(photo),
                geometry,
                placement,
                RawMaps.of("block5_conv4", maps, biases(logits, maps), height, width),
                logits,
                ScoreFunction.SOFTMAX,
                labels,
                new Provenance(
                        "animals.h5",
                        Optional.of("5b41c1d1".repeat(8)),
                        "an engine",
                        "224x224x3, squashed, bilinear, RGB * 0.0078125 - 0.9921875",
                        "1.2.3"));
    }

    /** What the logits have besides the means of the maps. */
    private static float[] biases(float[] logits, float... maps) {
        float[] biases = new float[logits.length];
        int cells = maps.length / logits.length;
        for (int c = 0; c < logits.length; c++) {
            double sum = 0;
            for (int i = 0; i < cells; i++) {
                sum += maps[c * cells + i];
            }
            biases[c] = (float) (logits[c] - sum / cells);
        }
        return biases;
    }
}
