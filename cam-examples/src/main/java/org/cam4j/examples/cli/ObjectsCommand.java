package org.cam4j.examples.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cam4j.ClassActivationMapper;
import org.cam4j.localization.DetectedObject;
import org.cam4j.localization.ObjectFinder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds several objects in each photo. */
@Command(
        name = "objects",
        description = {
            "Finds several objects in each photo: the network looks again at the regions that speak for its best"
                    + " classes.",
            "Writes NAME-objects.json and NAME-objects.png, or .jpg (boxes and labels on the photo) for each photo.",
            "Exit status 0 if all went well, 1 if some photos failed, 2 if no photo could be done."
        })
final class ObjectsCommand implements Callable<Integer> {

    @Mixin
    private RequiredModel model;

    @Option(
            names = "--classes",
            paramLabel = "K",
            defaultValue = "10",
            description = "Look at the regions of this many of the best classes; default ${DEFAULT-VALUE}.")
    private int classes;

    @Option(
            names = "--min-probability",
            paramLabel = "P",
            defaultValue = "0.3",
            description = "Keep objects that are at least this probable; default ${DEFAULT-VALUE}.")
    private double minimumProbability;

    @Mixin
    private ResultFolder folder;

    @Mixin
    private OverlayOptions overlays;

    @Mixin
    private PhotoArguments photos;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        overlays.check();
        folder.require();
        List<PhotoFile> given = photos.collect(Console.of(spec));
        try (ClassActivationMapper mapper = model.mapper()) {
            ObjectFinder finder = ObjectFinder.of(mapper).classes(classes).minimumProbability(minimumProbability);
            ObjectFiles results = new ObjectFiles(folder, overlays);
            PhotoLoop loop = new PhotoLoop(Console.of(spec), given.size(), "searched");
            int status = loop.run(given, mapper, (index, explanation, took) -> {
                List<DetectedObject> objects = finder.find(explanation);
                results.write(given.get(index).name(), explanation, objects);
                return line(given.get(index), objects);
            });
            loop.printEnd(Optional.of(folder.path()));
            return status;
        }
    }

    private static String line(PhotoFile file, List<DetectedObject> objects) {
        String found = objects.stream()
                .map(object ->
                        String.format(Locale.ROOT, "%s %.2f", Printable.of(object.label()), object.probability()))
                .collect(Collectors.joining(", "));
        return String.format("%-28s %s", file.shown(), found.isEmpty() ? "nothing" : found);
    }
}
