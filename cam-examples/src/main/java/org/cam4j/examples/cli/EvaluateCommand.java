package org.cam4j.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
import org.cam4j.explain.Cam;
import org.cam4j.explain.ExplanationMethod;
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
            "Measures how well the maps of labelled classes agree with boxes that people drew, beside boxes that need"
                    + " no network.",
            "Boxes come as CSV, Pascal VOC XML, COCO JSON or a folder of wsolevaluation's metadata. Prints a table and"
                    + " writes a JSON file.",
            "Exit status 0 if all went well, 1 if some photos failed, 2 if no photo could be done."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Mixin
    private RequiredModel model;

    @Option(
            names = "--boxes",
            required = true,
            paramLabel = "FILE|FOLDER",
            description = "The boxes that people drew, with their classes.")
    private Path boxes;

    @Option(
            names = "--threshold",
            paramLabel = "F",
            defaultValue = "0.2",
            description = "Box what is above this share of the map's maximum; default ${DEFAULT-VALUE}.")
    private double threshold;

    @Mixin
    private MethodOptions methods;

    @Option(
            names = "--hide-and-seek",
            paramLabel = "K",
            arity = "0..1",
            fallbackValue = "16",
            description = "Average the maps of K runs, each with other parts of the photo hidden; 16 if K is left out.")
    private Integer passes;

    @Option(
            names = "--faithfulness",
            description =
                    "Also measure whether the network uses what maps show: deletion, insertion, average drop, ROAD and"
                            + " the random head, or ADCC of several methods. About 50 runs of the network for each photo"
                            + " and method.")
    private boolean faithful;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "cam4j-evaluation.json",
            description = "The file for the results; default ${DEFAULT-VALUE}.")
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
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(
                    spec.commandLine(),
                    Printable.of(folder)
                            + " is no folder: give the one that the photos' names in --boxes are relative to");
        }
        List<ExplanationMethod> chosen = methods.methods();
        boolean isUsual = chosen.equals(List.of(Cam.atTarget()));
        if (passes != null && !isUsual) {
            throw new ParameterException(
                    spec.commandLine(), "--hide-and-seek averages maps of 'cam': leave --method out");
        }
        Localizer localizer = Localizer.relative(threshold);
        List<LabelledPhoto> labelled = LabelledPhotos.read(boxes);
        files.claim(out, EarlierResults.Kind.JSON);
        try (ClassActivationMapper mapper = model.mapper()) {
            methods.check(mapper);
            List<Integer> classes = labelled.stream()
                    .map(photo -> photo.classIndex(mapper.labels()))
                    .toList();
            if (!isUsual) {
                return sideBySide(chosen, labelled, classes, localizer, mapper);
            }
            LocalizationEvaluation evaluation = new LocalizationEvaluation(localizer);
            EvaluationFile results = new EvaluationFile(mapper, boxes, threshold, Optional.ofNullable(passes));
            List<FaithfulnessScores> scores = new ArrayList<>();
            PhotoLoop loop = new PhotoLoop(Console.of(spec), labelled.size(), "evaluated");
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
                return line(photo, seen, List.of(overlap));
            });
            finish(status, loop, evaluation, scores, results);
            return status;
        }
    }

    /** Evaluates other methods than the usual one, each on every photo. */
    private int sideBySide(
            List<ExplanationMethod> chosen,
            List<LabelledPhoto> labelled,
            List<Integer> classes,
            Localizer localizer,
            ClassActivationMapper mapper) {
        List<EvaluatedMethod> evaluated = chosen.stream()
                .map(method -> new EvaluatedMethod(method, localizer))
                .toList();
        EvaluationFile results = new EvaluationFile(mapper, boxes, threshold, Optional.empty());
        PhotoLoop loop = new PhotoLoop(Console.of(spec), labelled.size(), "evaluated");
        int status = loop.run(photos(labelled), mapper, (index, explanation, took) -> {
            LabelledPhoto photo = labelled.get(index);
            Optional<Explanation> copy = faithful ? Optional.of(copy(mapper, explanation)) : Optional.empty();
            List<EvaluatedMethod.Seen> seen = evaluated.stream()
                    .map(method -> method.see(mapper, explanation, photo, classes.get(index), copy))
                    .toList();
            // Last, so that a photo that fails is in none of the results.
            List<BoxOverlap> overlaps = new ArrayList<>();
            for (int i = 0; i < evaluated.size(); i++) {
                overlaps.add(evaluated.get(i).add(seen.get(i)));
            }
            results.add(photo, evaluated, seen, overlaps);
            return line(photo, seen.get(0).observation(), overlaps);
        });
        if (status == Cam4j.REFUSED) {
            refuse(loop);
            return status;
        }
        MethodTable.print(evaluated, threshold, spec.commandLine().getOut());
        results.write(out, evaluated);
        loop.printEnd(Optional.of(out));
        return status;
    }

    private void refuse(PhotoLoop loop) {
        loop.printEnd(Optional.empty());
        spec.commandLine().getErr().println("cam4j: nothing was evaluated");
    }

    /** Returns the labelled photos as files of the folder; regular files only, because a device would be read without end. */
    private List<PhotoFile> photos(List<LabelledPhoto> labelled) {
        PhotoFile.Names names = new PhotoFile.Names();
        return labelled.stream().map(photo -> names.in(folder, photo.file())).toList();
    }

    private ActivationMap map(ClassActivationMapper mapper, Explanation explanation, int classIndex) {
        return passes == null
                ? explanation.map(classIndex)
                : HideAndSeek.of(mapper)
                        .passes(passes)
                        .seek(explanation, classIndex)
                        .average();
    }

    private FaithfulnessScores scores(ClassActivationMapper mapper, Explanation explanation, int classIndex) {
        Explanation copy = copy(mapper, explanation);
        return Faithfulness.of(mapper).scores(copy.photo(), map(mapper, copy, classIndex));
    }

    private static Explanation copy(ClassActivationMapper mapper, Explanation explanation) {
        return mapper.explain(Faithfulness.of(mapper).workingCopy(explanation.photo()));
    }

    private void finish(
            int status,
            PhotoLoop loop,
            LocalizationEvaluation evaluation,
            List<FaithfulnessScores> scores,
            EvaluationFile results) {
        if (status == Cam4j.REFUSED) {
            refuse(loop);
            return;
        }
        LocalizationReport report = evaluation.report();
        Optional<FaithfulnessScores> mean =
                scores.isEmpty() ? Optional.empty() : Optional.of(FaithfulnessScores.mean(scores));
        EvaluationTable.print(report, mean, threshold, spec.commandLine().getOut());
        results.write(out, report, mean);
        loop.printEnd(Optional.of(out));
    }

    private static String line(LabelledPhoto photo, Observation seen, List<BoxOverlap> overlaps) {
        String agreement = overlaps.stream()
                .map(overlap -> String.format(Locale.ROOT, "%.3f", overlap.intersectionOverUnion()))
                .collect(Collectors.joining(" "));
        return String.format(
                Locale.ROOT,
                "%-28s %-28s IoU %s",
                Printable.of(photo.file()),
                Printable.of(seen.map().prediction().label()),
                agreement);
    }
}
