package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cam4j.ClassActivationMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a prepared model, the one file that production ships. */
@Command(
        name = "prepare",
        description = {
            "Makes a prepared model: one file with the network, its weights as the processor wants them, the labels and how photos"
                    + " are prepared. It starts in a fraction of the time, and is taken wherever a Keras file is.",
            "Exit status 0 if the file is written, otherwise 2 and the reason."
        })
final class PrepareCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "A Keras file, an ONNX file or a prepared model.")
    private Path model;

    @Mixin
    private ModelOptions options;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "Where to, for example model.cam4j.")
    private Path out;

    @Mixin
    private OutputFiles files;

    @Option(
            names = "--lean",
            description =
                    "Leave the plain weights out: a smaller file, which opens only on processors such as this one.")
    private boolean lean;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        files.claim(out);
        try (ClassActivationMapper mapper = options.mapper(model)) {
            if (lean) {
                mapper.saveLean(out);
            } else {
                mapper.save(out);
            }
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT, "%s: %.1f MB, for %s", Printable.of(out), size() / 1e6, mapper.engine()));
            if (mapper.preparation().isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("cam4j: no preprocessing is set: give --preprocessing here, or each time.");
            }
            return Cam4j.DONE;
        }
    }

    private long size() {
        try {
            return Files.size(out);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + out + "' was written and is gone", e);
        }
    }
}
