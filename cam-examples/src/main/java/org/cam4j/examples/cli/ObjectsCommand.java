package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.exception.CamException;
import org.cam4j.localization.DetectedObject;
import org.cam4j.localization.ObjectFinder;
import org.cam4j.render.Colormap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds several objects in each photo. */
@Command(
        name = "objects",
        description = {
            "Finds several objects in each photo: the network looks again at the regions that speak for its best classes.",
            "Writes NAME-objects.json and NAME-objects.png (boxes and labels on the photo) for each photo.",
            "Exit status 0 if all went well, 1 if some photos failed, 2 if nothing could be done."
        })
final class ObjectsCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A Keras file or a prepared model.")
    private Path model;

    @Mixin
    private ModelOptions options;

    @Option(
            names = "--classes",
            paramLabel = "K",
            defaultValue = "10",
            description = "How many of the best classes propose regions; default ${DEFAULT-VALUE}.")
    private int classes;

    @Option(
            names = "--min-probability",
            paramLabel = "P",
            defaultValue = "0.3",
            description = "The least probable object that is kept; default ${DEFAULT-VALUE}.")
    private double minimumProbability;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "cam4j-out",
            description = "Where to; default ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--no-overlay", description = "Write no pictures.")
    private boolean noOverlay;

    @Option(
            names = "--colormap",
            defaultValue = "TURBO",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Colormap colormap;

    @Parameters(arity = "1..*", paramLabel = "PHOTO|FOLDER", description = "Photos, or folders of photos.")
    private List<Path> photos;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<PhotoFile> files = PhotoFile.collect(photos);
        try (ClassActivationMapper mapper = options.mapper(model)) {
            ObjectFinder finder = ObjectFinder.of(mapper).classes(classes).minimumProbability(minimumProbability);
            ObjectFiles results = new ObjectFiles(out, noOverlay ? Optional.empty() : Optional.of(colormap));
            Progress progress = new Progress(files.size(), spec.commandLine().getErr());
            int failed = 0;
            for (PhotoFile file : files) {
                try {
                    Explanation explanation = mapper.explain(file.path());
                    List<DetectedObject> objects = finder.find(explanation);
                    results.write(file.name(), explanation, objects);
                    progress.done(spec.commandLine().getOut(), line(file, objects));
                } catch (CamException e) {
                    failed++;
                    progress.done(spec.commandLine().getErr(), "cam4j: " + Cam4j.oneLine(e));
                }
            }
            return failed == 0 ? Cam4j.DONE : Cam4j.SOME_FAILED;
        }
    }

    private static String line(PhotoFile file, List<DetectedObject> objects) {
        String found = objects.stream()
                .map(object -> String.format(Locale.ROOT, "%s %.2f", object.label(), object.probability()))
                .collect(Collectors.joining(", "));
        return String.format("%-28s %s", file.path().getFileName(), found.isEmpty() ? "nothing" : found);
    }
}
