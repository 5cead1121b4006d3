package org.cam4j.examples.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.exception.ModelFileException;
import org.cam4j.training.GapNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a classifier of some of a model's classes. */
@Command(
        name = "select",
        description = {
            "Makes a classifier of some of a model's classes, without training: their maps and scores stay what they are.",
            "A class is a label or an index, with a new name behind '=' if it shall have one.",
            "Writes the model as OUT says: .h5 or .keras for Keras, with a JSON and a labels file beside it, or .zip for DL4J.",
            "Exit status 0 if it is done, otherwise 2 and the reason."
        })
final class SelectCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A Keras file.")
    private Path model;

    @Mixin
    private ModelOptions options;

    @Option(
            names = "--class",
            paramLabel = "LABEL[=NAME]",
            description = "A class to keep, in the new order; as often as you like.")
    private List<String> classes = new ArrayList<>();

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "A file with a class a line, after those of --class.")
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "OUT", description = "Where to: FILE.h5, .keras or .zip.")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> chosen = new ArrayList<>(classes);
        if (file != null) {
            chosen.addAll(lines(file));
        }
        if (chosen.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no class given: name some with --class or --classes");
        }
        try (ClassActivationMapper mapper = options.mapper(model)) {
            int[] indices = chosen.stream()
                    .mapToInt(each -> index(mapper.labels(), each.split("=", 2)[0].strip()))
                    .toArray();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < indices.length; i++) {
                String[] parts = chosen.get(i).split("=", 2);
                names.add(parts.length == 2 ? parts[1].strip() : mapper.labels().get(indices[i]));
            }
            GapNetwork.of(mapper)
                    .selectClasses(indices)
                    .withLabels(Labels.of(names))
                    .save(out);
            spec.commandLine().getOut().println(out + ": " + names.size() + " classes, " + String.join(", ", names));
        }
        return Cam4j.DONE;
    }

    private static int index(Labels labels, String given) {
        return given.matches("\\d{1,9}") && Integer.parseInt(given) < labels.size()
                ? Integer.parseInt(given)
                : labels.indexOf(given);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new ModelFileException(
                    "the file of classes '" + file + "' cannot be read: " + e.getMessage()
                            + ". Check the path, and that it is UTF-8 text.",
                    e);
        }
    }
}
