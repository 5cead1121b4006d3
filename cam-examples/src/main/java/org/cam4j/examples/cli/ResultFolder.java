package org.cam4j.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The folder of a command's results, with the rule which of its files may be replaced. */
final class ResultFolder {

    @Option(names = "--out", paramLabel = "DIR", description = "The folder for results; default ${DEFAULT-VALUE}.")
    Path out = Path.of("cam4j-out");

    @Mixin
    OutputFiles files = new OutputFiles();

    Path path() {
        return out;
    }

    /** Claims a file of the folder that is about to be written, as {@link OutputFiles#claim} does. */
    Path claim(String name) {
        return claim(out.resolve(name), EarlierResults.Kind.named(name));
    }

    /** Claims a file outside the folder that is about to be written. */
    Path claim(Path file, EarlierResults.Kind kind) {
        return files.claim(file, kind);
    }

    /** Refuses, before any work, a folder that is a file or not writable. The folder is created with the first result. */
    void require() {
        Path existing = out.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new IllegalArgumentException("--out " + out + ": "
                    + (existing == null || Files.isDirectory(existing)
                            ? "you may not write to '" + existing + "'"
                            : "'" + existing + "' is a file, where a folder is needed")
                    + ". Choose another folder.");
        }
    }
}
