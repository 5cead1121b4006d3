package org.cam4j.examples.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.evaluation.annotation.LabelledPhoto;
import org.cam4j.evaluation.faithfulness.AdccScores;
import org.cam4j.evaluation.faithfulness.Faithfulness;
import org.cam4j.evaluation.localization.BoxOverlap;
import org.cam4j.evaluation.localization.LocalizationEvaluation;
import org.cam4j.evaluation.localization.LocalizationReport;
import org.cam4j.evaluation.localization.Observation;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.localization.Localizer;

/** One of several methods whose maps are evaluated side by side. */
final class EvaluatedMethod {

    private final ExplanationMethod method;
    private final LocalizationEvaluation evaluation;
    private final List<Measures> measures = new ArrayList<>();
    private double milliseconds;

    EvaluatedMethod(ExplanationMethod method, Localizer localizer) {
        this.method = method;
        this.evaluation = new LocalizationEvaluation(localizer);
    }

    /** The measures of a map that need further runs of the network. */
    record Measures(double deletion, double insertion, AdccScores adcc) {}

    /**
     * What the method made of one photo.
     *
     * @param milliseconds that the map took, without the photo's own run of the network
     */
    record Seen(Observation observation, Optional<Measures> measures, double milliseconds) {}

    String name() {
        return method.name();
    }

    /** Makes a photo's map and measures it; adds nothing yet. */
    Seen see(
            ClassActivationMapper mapper,
            Explanation explanation,
            LabelledPhoto photo,
            int classIndex,
            Optional<Explanation> copy) {
        long start = System.nanoTime();
        ActivationMap map = explanation.map(classIndex, method);
        double took = (System.nanoTime() - start) / 1e6;
        return new Seen(
                Observation.of(explanation, map, photo.boxes()),
                copy.map(one -> measures(mapper, one, classIndex)),
                took);
    }

    private Measures measures(ClassActivationMapper mapper, Explanation copy, int classIndex) {
        Faithfulness faithfulness = Faithfulness.of(mapper);
        ActivationMap map = copy.map(classIndex, method);
        return new Measures(
                faithfulness.deletion(copy.photo(), map).area(),
                faithfulness.insertion(copy.photo(), map).area(),
                faithfulness.adcc(copy.photo(), map, dimmed -> dimmed.map(classIndex, method)));
    }

    /** Adds what was seen of a photo. */
    BoxOverlap add(Seen seen) {
        seen.measures().ifPresent(measures::add);
        milliseconds += seen.milliseconds();
        return evaluation.add(seen.observation());
    }

    LocalizationReport report() {
        return evaluation.report();
    }

    /** Returns the means of the measures; empty if none were made. */
    Optional<Measures> mean() {
        if (measures.isEmpty()) {
            return Optional.empty();
        }
        List<AdccScores> adcc = measures.stream().map(Measures::adcc).toList();
        return Optional.of(new Measures(
                measures.stream().mapToDouble(Measures::deletion).average().orElseThrow(),
                measures.stream().mapToDouble(Measures::insertion).average().orElseThrow(),
                new AdccScores(
                        AdccScores.mean(adcc, AdccScores::drop),
                        AdccScores.mean(adcc, AdccScores::coherency),
                        AdccScores.mean(adcc, AdccScores::complexity))));
    }

    /** Returns the mean of ADCC over photos; empty if it was not measured. */
    Optional<Double> adcc() {
        return measures.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        AdccScores.mean(measures.stream().map(Measures::adcc).toList()));
    }

    /** Returns how long a map took on average, beyond the photo's own run of the network. */
    double millisecondsEach() {
        return milliseconds / report().photos();
    }
}
