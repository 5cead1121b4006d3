package org.cam4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The scores of all classes for one photo, and their order. */
final class Scores {

    private final float[] logits;
    private final ScoreFunction function;
    private final Labels labels;
    private final double[] probabilities;
    private final int[] ranking;

    /**
     * Ranks the classes.
     *
     * @param logits [classes], not copied
     * @param function makes probabilities of them
     * @param labels the classes' names
     */
    Scores(float[] logits, ScoreFunction function, Labels labels) {
        this.logits = logits;
        this.function = function;
        this.labels = labels;
        this.probabilities = function.probabilities(logits);
        this.ranking = ranked(logits);
    }

    /** The classes by their scores, highest first; of equal scores the first class first. */
    private static int[] ranked(float[] logits) {
        long[] keys = new long[logits.length];
        for (int i = 0; i < keys.length; i++) {
            int bits = Float.floatToIntBits(logits[i]);
            // In the order of their numbers, as in Float.compare.
            int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
            keys[i] = (long) ~ascending << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    int classes() {
        return logits.length;
    }

    /** The class with the highest score. */
    int best() {
        return ranking[0];
    }

    Prediction of(int classIndex) {
        if (classIndex < 0 || classIndex >= logits.length) {
            throw new IllegalArgumentException("class " + classIndex + " is out of range: the model's classes are 0 to "
                    + (logits.length - 1) + ".");
        }
        return new Prediction(classIndex, labels.get(classIndex), logits[classIndex], probabilities[classIndex]);
    }

    Prediction of(String label) {
        return of(labels.indexOf(Objects.requireNonNull(label, "label")));
    }

    /** The classes with the highest scores, highest first; all if there are fewer. */
    List<Prediction> best(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the best " + count + " classes: ask for at least 1");
        }
        return IntStream.of(ranking).limit(count).mapToObj(this::of).toList();
    }

    /** All logits, not a copy. */
    float[] logits() {
        return logits;
    }

    ScoreFunction function() {
        return function;
    }

    Labels labels() {
        return labels;
    }
}
