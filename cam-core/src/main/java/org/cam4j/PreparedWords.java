package org.cam4j;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.cam4j.classifier.OutputActivation;

/** The words for activations and score functions in prepared files: fixed, also if the Java constants are renamed. */
final class PreparedWords {

    private PreparedWords() {}

    static String of(OutputActivation activation) {
        return switch (activation) {
            case NONE -> "none";
            case SOFTMAX -> "softmax";
            case SIGMOID -> "sigmoid";
        };
    }

    static String of(ScoreFunction function) {
        return switch (function) {
            case SOFTMAX -> "softmax";
            case SIGMOID -> "sigmoid";
            case IDENTITY -> "identity";
        };
    }

    static Optional<OutputActivation> activation(String word) {
        return constant(OutputActivation.values(), PreparedWords::of, word);
    }

    static Optional<ScoreFunction> scores(String word) {
        return constant(ScoreFunction.values(), PreparedWords::of, word);
    }

    private static <E> Optional<E> constant(E[] constants, Function<E, String> words, String word) {
        return List.of(constants).stream()
                .filter(constant -> words.apply(constant).equals(word))
                .findFirst();
    }
}
