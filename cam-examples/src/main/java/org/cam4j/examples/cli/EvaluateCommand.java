package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.evaluation.BoxOverlap;
import org.cam4j.evaluation.Faithfulness;
import org.cam4j.evaluation.FaithfulnessScores;
import org.cam4j.evaluation.LabelledPhoto;
import org.cam4j.evaluation.LabelledPhotos;
import org.cam4j.evaluation.LocalizationEvaluation;
import org.cam4j.evaluation.LocalizationReport;
import org.cam4j.evaluation.Observation;
import org.cam4j.exception.CamException;
import org.cam4j.localization.HideAndSeek;
import org.cam4j.localization.Localizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how well maps agree with labelled boxes, and whether the network uses what they show. */
@Command(
        name = "evaluate",
        description = {
            "Measures how well the maps of labelled classes agree with boxes that people drew, beside boxes that need no network.",
            "Boxes come as CSV, Pascal VOC XML, COCO JSON or a folder of wsolevaluation's metadata. Prints a table and writes a"
                    + " JSON file.",
            "Exit status 0 if all went well, 1 if some photos failed, 2 if nothing could be done."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A Keras file or a prepared model.")
    private Path model;

    @Mixin
    private ModelOptions options;

    @Option(names = "--boxes", required = true, paramLabel = "FILE|FOLDER", description = "The labelled boxes.")
    private Path boxes;

    @Option(
            names = "--threshold",
            paramLabel = "F",
            defaultValue = "0.2",
            description = "Boxes enclose what is above this fraction of the maximum; default ${DEFAULT-VALUE}.")
    private double threshold;

    @Option(
            names = "--hide-and-seek",
            paramLabel = "K",
            arity = "0..1",
            fallbackValue = "16",
            description = "Average the maps of K passes with parts of the photo hidden; 16 where K is left out.")
    private Integer passes;

    @Option(
            names = "--faithfulness",
            description =
                    "Also measure deletion, insertion, average drop, ROAD and the random head: about 50 runs a photo.")
    private boolean faithful;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "cam4j-evaluation.json",
            description = "Where to; default ${DEFAULT-VALUE}.")
    private Path out;

    @Parameters(paramLabel = "FOLDER", description = "The folder that the photos' names are relative to.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (passes != null && passes < 1) {
            throw new ParameterException(spec.commandLine(), "--hide-and-seek " + passes + ": give 1 or more");
        }
        Localizer localizer = Localizer.relative(threshold);
        List<LabelledPhoto> photos = LabelledPhotos.read(boxes);
        try (ClassActivationMapper mapper = options.mapper(model)) {
            List<Integer> classes = photos.stream()
                    .map(photo -> photo.classIndex(mapper.labels()))
                    .toList();
            LocalizationEvaluation evaluation = new LocalizationEvaluation(localizer);
            EvaluationFile results = new EvaluationFile(mapper, boxes, threshold, Optional.ofNullable(passes));
            List<FaithfulnessScores> scores = new ArrayList<>();
            Progress progress = new Progress(photos.size(), spec.commandLine().getErr());
            int failed = 0;
            for (int i = 0; i < photos.size(); i++) {
                LabelledPhoto photo = photos.get(i);
                try {
                    Explanation explanation = mapper.explain(folder.resolve(photo.file()));
                    ActivationMap map = map(mapper, explanation, classes.get(i));
                    Observation seen = Observation.of(explanation, map, photo.boxes());
                    BoxOverlap overlap = evaluation.add(seen);
                    results.add(photo, seen, overlap);
                    if (faithful) {
                        scores.add(scores(mapper, explanation, classes.get(i)));
                    }
                    progress.done(spec.commandLine().getOut(), line(photo, seen, overlap));
                } catch (CamException e) {
                    failed++;
                    progress.done(spec.commandLine().getErr(), "cam4j: " + Cam4j.oneLine(e));
                }
            }
            return finish(photos.size(), failed, evaluation, scores, results);
        }
    }

    private ActivationMap map(ClassActivationMapper mapper, Explanation explanation, int classIndex) {
        return passes == null
                ? explanation.map(classIndex)
                : HideAndSeek.with(mapper)
                        .passes(passes)
                        .seek(explanation, classIndex)
                        .average();
    }

    private FaithfulnessScores scores(ClassActivationMapper mapper, Explanation explanation, int classIndex) {
        Faithfulness faithfulness = Faithfulness.of(mapper);
        Explanation copy = mapper.explain(faithfulness.workingCopy(explanation.photo()));
        return faithfulness.scores(copy.photo(), map(mapper, copy, classIndex));
    }

    private int finish(
            int count,
            int failed,
            LocalizationEvaluation evaluation,
            List<FaithfulnessScores> scores,
            EvaluationFile results) {
        PrintWriter err = spec.commandLine().getErr();
        if (failed == count) {
            err.println("none of " + count + " photos could be read; nothing was evaluated");
            return Cam4j.REFUSED;
        }
        LocalizationReport report = evaluation.report();
        Optional<FaithfulnessScores> mean =
                scores.isEmpty() ? Optional.empty() : Optional.of(FaithfulnessScores.mean(scores));
        EvaluationTable.print(report, mean, threshold, spec.commandLine().getOut());
        results.write(out, report, mean);
        err.println((count - failed) + " of " + count + " photos evaluated; see " + out);
        return failed == 0 ? Cam4j.DONE : Cam4j.SOME_FAILED;
    }

    private static String line(LabelledPhoto photo, Observation seen, BoxOverlap overlap) {
        return String.format(
                Locale.ROOT,
                "%-28s %-28s IoU %.3f",
                photo.file(),
                seen.map().prediction().label(),
                overlap.intersectionOverUnion());
    }
}
