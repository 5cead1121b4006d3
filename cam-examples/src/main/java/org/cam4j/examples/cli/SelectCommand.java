package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cam4j.Labels;
import org.cam4j.training.GapNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a classifier of some of a model's classes. */
@Command(
        name = "select",
        description = {
            "Makes a classifier of some of a model's classes, without training: their maps and scores stay what they"
                    + " are.",
            "A class is a label or an index, with a new name behind '=' if it shall have one.",
            "Writes the model as OUT says: .h5 or .keras for Keras, with a JSON and a labels file beside it, or .zip"
                    + " for DL4J.",
            "Exit status 0 if it is done, otherwise 2 and the reason."
        })
final class SelectCommand implements Callable<Integer> {

    @Mixin
    private RequiredModel model;

    @Option(
            names = "--class",
            paramLabel = "LABEL[=NAME]",
            description = "Keep this class; repeat it for each, in the order of the new model's outputs.")
    private List<String> classes = new ArrayList<>();

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "Keep the classes in this file, one a line, after those of --class.")
    private Path file;

    @Mixin
    private ModelOutput output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> chosen = new ArrayList<>(classes);
        if (file != null) {
            chosen.addAll(Labels.read(file).names());
        }
        if (chosen.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no class given: name some with --class or --classes");
        }
        Path out = output.claim();
        GapNetwork network = model.network();
        int[] indices = chosen.stream()
                .mapToInt(each -> index(network.labels(), each.split("=", 2)[0].strip()))
                .toArray();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < indices.length; i++) {
            String[] parts = chosen.get(i).split("=", 2);
            names.add(parts.length == 2 ? parts[1].strip() : network.labels().get(indices[i]));
        }
        network.selectClasses(indices).withLabels(Labels.of(names)).save(out);
        spec.commandLine()
                .getOut()
                .println(Printable.of(out) + ": " + names.size() + " classes, "
                        + NameList.of(names, Cam4j.isVerbose(spec)));
        return Cam4j.DONE;
    }

    private static int index(Labels labels, String given) {
        return given.matches("\\d{1,9}") && Integer.parseInt(given) < labels.size()
                ? Integer.parseInt(given)
                : labels.indexOf(given);
    }
}
