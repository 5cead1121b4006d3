package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Labels;
import org.cam4j.PhotoResult;
import org.cam4j.Prediction;
import org.cam4j.localization.MapVerdict;
import org.cam4j.render.Report;
import org.cam4j.render.ReportPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains photos: a line each, and files for programs and people. */
@Command(
        name = "explain",
        description = {
            "Explains photos: for each its predictions, and the class activation map of the best or the chosen classes.",
            "Writes NAME.json, NAME-INDEX.npy (the raw map, float32 [h, w]) and NAME-INDEX.png (the overlay with the box of the"
                    + " hottest region) for each photo.",
            "Exit status 0 if all went well, 1 if some photos failed, 2 if nothing could be done."
        })
final class ExplainCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A Keras file or a prepared model.")
    private Path model;

    @Mixin
    private ModelOptions options;

    @Option(
            names = "--class",
            paramLabel = "INDEX|LABEL",
            description = "A class to map, instead of the best; may be repeated.")
    private List<String> classes = List.of();

    @Option(names = "--top", paramLabel = "K", description = "Map the K best classes; default 1.")
    private Integer top;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "cam4j-out",
            description = "Where to; default ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private PictureOptions pictures;

    @Option(
            names = "--sheet",
            description = "Also write contact-sheet.png, all photos with their overlays on one picture.")
    private boolean sheet;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write a web page of all photos, one file that needs no server.")
    private Path report;

    @Parameters(arity = "1..*", paramLabel = "PHOTO|FOLDER", description = "Photos, or folders of photos.")
    private List<Path> photos;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (top != null && top < 1) {
            throw new ParameterException(spec.commandLine(), "--top " + top + ": give 1 or more");
        }
        pictures.check();
        List<PhotoFile> files = PhotoFile.collect(photos);
        try (ClassActivationMapper mapper = options.mapper(model)) {
            List<Integer> wanted = classes.stream()
                    .map(name -> classIndex(name, mapper.labels()))
                    .toList();
            if (report == null) {
                return explain(files, mapper, wanted, Optional.empty());
            }
            AtomicInteger status = new AtomicInteger();
            Report.of(title())
                    .colormap(pictures.colormap())
                    .write(report, page -> status.set(explain(files, mapper, wanted, Optional.of(page))));
            spec.commandLine().getErr().println("report: " + report);
            return status.get();
        }
    }

    private int explain(
            List<PhotoFile> files, ClassActivationMapper mapper, List<Integer> wanted, Optional<ReportPage> page) {
        ResultFiles results = new ResultFiles(out, pictures);
        Progress progress = new Progress(files.size(), spec.commandLine().getErr());
        Gallery gallery = new Gallery();
        Iterator<PhotoFile> named = files.iterator();
        try (Stream<PhotoResult> explained = mapper.explainAll(files.stream().map(PhotoFile::path))) {
            explained.forEach(result -> {
                PhotoFile file = named.next();
                page.ifPresent(report -> report.add(result));
                if (result instanceof PhotoResult.Explained done) {
                    Explanation explanation = done.explanation();
                    List<Prediction> mapped = mapped(explanation, wanted);
                    results.write(file.name(), explanation, mapped);
                    if (sheet) {
                        gallery.add(explanation, explanation.map(mapped.get(0).index()), pictures.colormap());
                    }
                    progress.done(
                            spec.commandLine().getOut(),
                            line(file, explanation, done.took().toMillis()));
                } else if (result instanceof PhotoResult.Failed failed) {
                    progress.failed(spec.commandLine().getErr(), "cam4j: " + Cam4j.oneLine(failed.reason()));
                }
            });
        }
        if (sheet && !gallery.isEmpty()) {
            gallery.write(out.resolve("contact-sheet.png"));
        }
        spec.commandLine().getErr().println(progress.closingLine() + "; see " + out);
        return progress.failed() == 0 ? Cam4j.DONE : Cam4j.SOME_FAILED;
    }

    /** What the report is about: the folder or the photo that was given. */
    private String title() {
        Path first = photos.get(0).toAbsolutePath().normalize().getFileName();
        return photos.size() > 1 || first == null ? "Class activation maps" : "Class activation maps: " + first;
    }

    /** The chosen classes, then the best, each once. */
    private List<Prediction> mapped(Explanation explanation, List<Integer> wanted) {
        Set<Integer> indices = new LinkedHashSet<>(wanted);
        if (wanted.isEmpty() || top != null) {
            explanation.predictions(top == null ? 1 : top).forEach(best -> indices.add(best.index()));
        }
        List<Prediction> mapped = new ArrayList<>();
        indices.forEach(index -> mapped.add(explanation.prediction(index)));
        return mapped;
    }

    private int classIndex(String name, Labels labels) {
        try {
            int index = name.matches("\\d{1,9}") ? Integer.parseInt(name) : labels.indexOf(name);
            if (index >= labels.size()) {
                throw new IllegalArgumentException(
                        "out of range: the model's classes are 0 to " + (labels.size() - 1) + ".");
            }
            return index;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--class " + name + ": " + e.getMessage(), e);
        }
    }

    /** File, best class, probability, time, and what may be wrong with the map in a few words. */
    private static String line(PhotoFile file, Explanation explanation, long milliseconds) {
        Prediction best = explanation.prediction();
        String warnings = MapVerdict.of(explanation).warnings().stream()
                .map(warning -> warning.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%-28s %-28s %5.1f %%  %5d ms%s",
                file.path().getFileName(),
                best.label(),
                100 * best.probability(),
                milliseconds,
                warnings.isEmpty() ? "" : "  (" + warnings + ")");
    }
}
