package org.cam4j.examples.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the file of a new model, and whether it may replace another. */
final class ModelOutput {

    @Option(
            names = "--out",
            required = true,
            paramLabel = "OUT",
            description = "The file to write: it ends in .h5, .keras or .zip.")
    private Path out;

    @Mixin
    private OutputFiles files;

    /** Claims the file that is about to be written, as {@link OutputFiles#claimModel} does. */
    Path claim() {
        files.claimModel(out);
        return out;
    }
}
