package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.evaluation.annotation.LabelledPhoto;
import org.cam4j.evaluation.annotation.LabelledPhotos;
import org.cam4j.evaluation.faithfulness.Faithfulness;
import org.cam4j.evaluation.faithfulness.FaithfulnessScores;
import org.cam4j.evaluation.localization.BoxOverlap;
import org.cam4j.evaluation.localization.LocalizationEvaluation;
import org.cam4j.evaluation.localization.LocalizationReport;
import org.cam4j.evaluation.localization.Observation;
import org.cam4j.localization.HideAndSeek;
import org.cam4j.localization.Localizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures how well maps agree with labelled boxes, and whether the network uses the regions that maps show. */
@Command(
        name = "evaluate",
        description = {
            "Measures how well the maps of labelled classes agree with boxes that people drew, beside boxes that need no network.",
            "Boxes come as CSV, Pascal VOC XML, COCO JSON or a folder of wsolevaluation's metadata. Prints a table and writes a"
                    + " JSON file.",
            "Exit status 0 if all went well, 1 if some photos failed, 2 if no photo could be done."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Mixin
    private RequiredModel model;

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

    @Mixin
    private OutputFiles files;

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
        List<LabelledPhoto> labelled = LabelledPhotos.read(boxes);
        files.claim(out);
        try (ClassActivationMapper mapper = model.mapper()) {
            List<Integer> classes = labelled.stream()
                    .map(photo -> photo.classIndex(mapper.labels()))
                    .toList();
            LocalizationEvaluation evaluation = new LocalizationEvaluation(localizer);
            EvaluationFile results = new EvaluationFile(mapper, boxes, threshold, Optional.ofNullable(passes));
            List<FaithfulnessScores> scores = new ArrayList<>();
            PhotoLoop loop = new PhotoLoop(spec, labelled.size(), "evaluated");
            int status = loop.run(photos(labelled), mapper, (index, explanation, took) -> {
                LabelledPhoto photo = labelled.get(index);
                ActivationMap map = map(mapper, explanation, classes.get(index));
                Observation seen = Observation.of(explanation, map, photo.boxes());
                Optional<FaithfulnessScores> score =
                        faithful ? Optional.of(scores(mapper, explanation, classes.get(index))) : Optional.empty();
                // Last, so that a photo that fails is in none of the results.
                BoxOverlap overlap = evaluation.add(seen);
                results.add(photo, seen, overlap);
                score.ifPresent(scores::add);
                return line(photo, seen, overlap);
            });
            finish(status, loop, evaluation, scores, results);
            return status;
        }
    }

    /** Returns the labelled photos as files of the folder; regular files only, because a device would be read without end. */
    private List<PhotoFile> photos(List<LabelledPhoto> labelled) {
        PhotoFile.Names names = new PhotoFile.Names();
        return labelled.stream().map(photo -> names.in(folder, photo.file())).toList();
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

    private void finish(
            int status,
            PhotoLoop loop,
            LocalizationEvaluation evaluation,
            List<FaithfulnessScores> scores,
            EvaluationFile results) {
        if (status == Cam4j.REFUSED) {
            loop.printEnd(Optional.empty());
            spec.commandLine().getErr().println("cam4j: nothing was evaluated");
            return;
        }
        LocalizationReport report = evaluation.report();
        Optional<FaithfulnessScores> mean =
                scores.isEmpty() ? Optional.empty() : Optional.of(FaithfulnessScores.mean(scores));
        EvaluationTable.print(report, mean, threshold, spec.commandLine().getOut());
        results.write(out, report, mean);
        loop.printEnd(Optional.of(out));
    }

    private static String line(LabelledPhoto photo, Observation seen, BoxOverlap overlap) {
        return String.format(
                Locale.ROOT,
                "%-28s %-28s IoU %.3f",
                Printable.of(photo.file()),
                Printable.of(seen.map().prediction().label()),
                overlap.intersectionOverUnion());
    }
}
