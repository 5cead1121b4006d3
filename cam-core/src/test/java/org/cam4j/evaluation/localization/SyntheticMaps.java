package org.cam4j.evaluation.localization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;

/** The maps and measures that src/test/python/evaluation_reference.py writes. */
public final class SyntheticMaps {

    static final Prediction FOX = new Prediction(1, "fox", 2, 0.9);

    private SyntheticMaps() {}

    static List<Observation> observations() {
        return text("maps.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(SyntheticMaps::observation)
                .toList();
    }

    public static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ActivationMap map(int width, int height, int rows, int columns, float... values) {
        return new ActivationMap(FOX, rows, columns, values, Geometry.squash(width, height, 224, 224));
    }

    private static Observation observation(String line) {
        String[] words = line.split(" ", -1);
        int[] head = new int[5];
        for (int i = 0; i < 5; i++) {
            head[i] = Integer.parseInt(words[i]);
        }
        List<BoundingBox> truth = new ArrayList<>();
        int at = 5;
        for (int i = 0; i < head[4]; i++, at += 4) {
            truth.add(new BoundingBox(
                    Integer.parseInt(words[at]),
                    Integer.parseInt(words[at + 1]),
                    Integer.parseInt(words[at + 2]),
                    Integer.parseInt(words[at + 3])));
        }
        float[] values = new float[head[2] * head[3]];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words[at + i]);
        }
        return new Observation(map(head[0], head[1], head[2], head[3], values), 0, truth);
    }

    private static String text(String name) {
        try (InputStream in = SyntheticMaps.class.getResourceAsStream("/evaluation/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
