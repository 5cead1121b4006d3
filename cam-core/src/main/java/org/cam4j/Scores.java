package org.cam4j;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The scores of all classes for one photo, and their order. */
final class Scores {

    private final float[] logits;
    private final ScoreFunction function;
    private final Labels labels;
    private final double[] probabilities;
    private final int best;

    /**
     * Takes the scores of a photo.
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
        this.best = IntStream.range(1, logits.length)
                .reduce(0, (first, i) -> Float.compare(logits[i], logits[first]) > 0 ? i : first);
    }

    int classes() {
        return logits.length;
    }

    /** The class with the highest score. */
    int best() {
        return best;
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
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted((one, other) -> Float.compare(logits[other], logits[one]))
                .limit(count)
                .map(this::of)
                .toList();
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
