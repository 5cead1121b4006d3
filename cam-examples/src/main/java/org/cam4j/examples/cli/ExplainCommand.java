package org.cam4j.examples.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Labels;
import org.cam4j.Prediction;
import org.cam4j.explain.Cam;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.localization.MapCheck;
import org.cam4j.render.report.Report;
import org.cam4j.render.report.ReportEntry;
import org.cam4j.render.sheet.Tile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Explains photos: prints a line for each, and writes files for programs and people. */
@Command(
        name = "explain",
        description = {
            "Explains photos: for each its predictions, and the class activation map of the best or the chosen"
                    + " classes.",
            "Writes NAME.json, NAME-INDEX.npy (the raw map, float32 [h, w]) and NAME-INDEX.png (the overlay with the"
                    + " box of the hottest region) for each photo.",
            "Exit status 0 if all went well, 1 if some photos or the report failed, 2 if no photo could be done."
        })
final class ExplainCommand implements Callable<Integer> {

    private static final int NOT_DONE = -1;

    /** At most 4, as decoding: pictures are large. */
    private static final int PICTURE_THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    @Mixin
    RequiredModel model = new RequiredModel();

    @Option(
            names = "--class",
            paramLabel = "INDEX|LABEL",
            description = "Map this class instead of the best. May be repeated.")
    private List<String> classes = List.of();

    @Option(names = "--top", paramLabel = "K", description = "Map the K best classes; default 1.")
    private Integer top;

    @Mixin
    private MethodOptions methods = new MethodOptions();

    @Option(
            names = "--save-tensors",
            description =
                    "Also write NAME-input.npy, NAME-activations.npy and NAME-INDEX-gradient.npy: what the network"
                            + " sees, what its mapped layer answers, and the class's gradient there.")
    private boolean saveTensors;

    @Mixin
    ResultFolder folder = new ResultFolder();

    @Mixin
    PictureOptions pictures = new PictureOptions();

    @Option(names = "--sheet", description = "Also write contact-sheet.png: the overlays of all photos on one picture.")
    private boolean sheet;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write a web page of all photos, one file that needs no server.")
    Path report;

    @Option(
            names = "--json",
            description = "Print one line of JSON for each photo, with the map's numbers, and nothing else. Files are"
                    + " written only if --out is given.")
    private boolean json;

    @Mixin
    private TensorArguments tensors = new TensorArguments();

    @Mixin
    PhotoArguments photos = new PhotoArguments();

    @Spec
    private CommandSpec spec;

    /** Null until the command runs, if picocli created it. */
    private Console console;

    /** Creates a command whose options picocli sets. */
    ExplainCommand() {}

    /** Creates a command whose options {@link PlainExplain} sets. */
    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (console == null) {
            console = Console.of(spec);
        }
        if (top != null && top < 1) {
            throw new WrongArgumentException("--top " + top + ": give 1 or more");
        }
        pictures.check();
        List<ExplanationMethod> chosen = methods.methods();
        folder.require();
        boolean ofTensors = tensors.areGiven(photos);
        List<PhotoFile> given = ofTensors ? tensors.collect() : photos.collect(console);
        // Checked first: a refusal at the end would waste the work.
        Optional<Path> together = sheet ? Optional.of(folder.claim("contact-sheet.png")) : Optional.empty();
        Optional<Path> page = Optional.ofNullable(report).map(file -> folder.claim(file, EarlierResults.Kind.PAGE));
        if (pictures.sizes().findAny().isPresent()) {
            DrawingWarmUp.start();
        }
        try (ClassActivationMapper mapper = model.builder(model.file())
                .method(chosen.get(0))
                .pictures(pictureSizes())
                .build()) {
            methods.check(mapper);
            if (!console.quiet()) {
                model.unusedGpu().ifPresent(hint -> console.err().println("cam4j: " + hint));
            }
            List<Integer> wanted = classes.stream()
                    .map(name -> classIndex(name, mapper.labels()))
                    .toList();
            if (page.isEmpty()) {
                return explain(given, mapper, wanted, chosen, together, Optional.empty());
            }
            return report(
                    page.get(), chosen, open -> explain(given, mapper, wanted, chosen, together, Optional.of(open)));
        }
    }

    private int[] pictureSizes() {
        IntStream ofSheet = sheet ? IntStream.of(Tile.LARGEST) : IntStream.empty();
        IntStream ofReport = report == null ? IntStream.empty() : IntStream.of(Report.LONGEST_SIDE);
        return Stream.of(pictures.sizes(), ofSheet, ofReport)
                .flatMapToInt(sizes -> sizes)
                .toArray();
    }

    /** Explains the photos with a report; if the report fails at the end, the photos keep their results. */
    private int report(Path file, List<ExplanationMethod> chosen, ToIntFunction<RunReport> run) {
        AtomicInteger status = new AtomicInteger(NOT_DONE);
        try {
            Report.of(photos.areMissing() ? tensors.title() : photos.title())
                    .colormap(pictures.colormap())
                    .methods(chosen.subList(1, chosen.size()))
                    .write(file, page -> status.set(run.applyAsInt(new RunReport(page))));
        } catch (UncheckedIOException e) {
            if (status.get() == NOT_DONE) {
                throw e;
            }
            return failed(e, status.get());
        }
        if (!console.quiet()) {
            console.err().println("report: " + Printable.of(report));
        }
        return status.get();
    }

    /** Reports once that a file of the whole run could not be written. */
    private int failed(UncheckedIOException failure, int status) {
        if (Thread.currentThread().isInterrupted()) {
            throw failure;
        }
        console.err().println("cam4j: " + Messages.of(failure));
        return Math.max(status, Cam4j.SOME_FAILED);
    }

    private int explain(
            List<PhotoFile> given,
            ClassActivationMapper mapper,
            List<Integer> wanted,
            List<ExplanationMethod> chosen,
            Optional<Path> together,
            Optional<RunReport> report) {
        ResultFiles results = new ResultFiles(folder, pictures, chosen, saveTensors);
        Gallery gallery = new Gallery();
        boolean writes = !json || spec.commandLine().getParseResult().hasMatchedOption("--out");
        PhotoLoop loop = new PhotoLoop(console, given.size(), "explained")
                .printingLines(json)
                .forOutputAlone(!writes && together.isEmpty() && report.isEmpty())
                .onFailure((photo, reason) -> {
                    report.ifPresent(page -> page.addFailure(photo.shown(), reason));
                    if (json) {
                        console.out().println(JsonLine.ofFailure(photo.given(), reason));
                    }
                });
        // Other methods run the network again, on all cores already.
        int threads = chosen.equals(List.of(Cam.atTarget())) && !saveTensors ? PICTURE_THREADS : 0;
        PhotoLoop.WorkAtOnce work = (index, explanation, took) -> {
            List<Prediction> mapped = mapped(explanation, wanted);
            if (writes) {
                results.write(given.get(index).name(), explanation, mapped);
            }
            Optional<Tile> tile = together.map(file ->
                    Gallery.tile(explanation, explanation.map(mapped.get(0).index()), pictures.colormap()));
            Optional<ReportEntry> entry = report.map(page -> page.entry(explanation));
            String line = json
                    ? JsonLine.of(given.get(index).given(), explanation, mapped, chosen)
                    : line(given.get(index), explanation, took.toMillis());
            return () -> {
                tile.ifPresent(gallery::add);
                entry.ifPresent(drawn -> report.orElseThrow().add(drawn));
                return line;
            };
        };
        int status = photos.areMissing()
                ? loop.run(given, tensors.results(mapper), threads, work)
                : loop.run(given, mapper, threads, work);
        loop.printEnd(writes ? Optional.of(folder.path()) : Optional.empty());
        try {
            if (!gallery.isEmpty()) {
                gallery.write(together.orElseThrow());
            }
            return status;
        } catch (UncheckedIOException e) {
            return failed(e, status);
        }
    }

    /** Returns the chosen classes, then the best, each once. */
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
            throw new WrongArgumentException("--class " + name + ": " + e.getMessage(), e);
        }
    }

    /** Returns the photo's line: file, best class, probability, time, and short warnings about the map. */
    private static String line(PhotoFile file, Explanation explanation, long milliseconds) {
        Prediction best = explanation.prediction();
        String warnings = MapCheck.of(explanation).warnings().stream()
                .map(warning -> warning.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%-28s %-28s %5.1f %%  %5d ms%s",
                file.shown(),
                Printable.of(best.label()),
                100 * best.probability(),
                milliseconds,
                warnings.isEmpty() ? "" : "  (" + warnings + ")");
    }
}
