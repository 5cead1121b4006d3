package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cam4j.ClassActivationMapper;
import org.cam4j.onnx.OnnxExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a prepared model, the one file that production ships. */
@Command(
        name = "prepare",
        description = {
            "Makes a prepared model: one file with the network, its weights as the processor wants them, the labels"
                    + " and how photos are prepared. It starts in a fraction of the time, and is taken wherever a Keras"
                    + " file is.",
            "To a file that ends in .onnx: the network and its class activation map as ONNX, for other runtimes.",
            "Exit status 0 if the file is written, otherwise 2 and the reason."
        })
final class PrepareCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "A Keras file, an ONNX file or a prepared model.")
    private Path model;

    @Mixin
    private ModelOptions options;

    @Option(
            names = {"-o", "--out", "--to"},
            required = true,
            paramLabel = "FILE",
            description = "The file to write, such as model.cam4j or model-cam.onnx.")
    private Path out;

    @Mixin
    private OutputFiles files;

    @Option(
            names = "--lean",
            description =
                    "Leave the plain weights out: a smaller file, which opens only on processors such as this one.")
    private boolean lean;

    @Option(
            names = "--channels-last",
            description =
                    "Order the ONNX file's images and features as Keras does, [N, h, w, c], instead of [N, c, h, w].")
    private boolean channelsLast;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        boolean isOnnx = out.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
        if (isOnnx ? lean : channelsLast) {
            throw new ParameterException(
                    spec.commandLine(),
                    isOnnx
                            ? "--lean is of prepared models: leave it out, or write to a file that does not end in"
                                    + " .onnx."
                            : "--channels-last is of ONNX files: leave it out, or write to a file that ends in .onnx.");
        }
        files.claim(out, EarlierResults.Kind.MODEL);
        try (ClassActivationMapper mapper = options.mapper(model)) {
            if (isOnnx) {
                OnnxExport export = OnnxExport.of(mapper);
                (channelsLast ? export.channelsLast() : export).write(out);
            } else if (lean) {
                mapper.saveLean(out);
            } else {
                mapper.save(out);
            }
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: %.1f MB, for %s",
                            Printable.of(out),
                            size() / 1e6,
                            isOnnx ? "ONNX opset 17" : mapper.engine()));
            if (!isOnnx && mapper.preparation().isEmpty()) {
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
