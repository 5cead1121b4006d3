package org.cam4j.examples.cli;

import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The file of a new model, and whether it may replace another. */
final class ModelOutput {

    @Option(names = "--out", required = true, paramLabel = "OUT", description = "Where to: FILE.h5, .keras or .zip.")
    private Path out;

    @Mixin
    private OutputFiles files;

    /** The file, which is about to be written; refused as {@link OutputFiles#claimModel} says. */
    Path claim() {
        files.claimModel(out);
        return out;
    }
}
