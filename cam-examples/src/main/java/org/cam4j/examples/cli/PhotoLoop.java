package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.PhotoResult;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs a command on its photos, one after the other. Each photo fails alone: its failure is one line, and the others go on.
 */
final class PhotoLoop {

    /** A command's work on one photo. */
    @FunctionalInterface
    interface Work {

        /**
         * Works on a photo; anything thrown is this photo's failure.
         *
         * @param index the photo's place among the photos
         * @param took the time of decoding and the network
         * @return the line to print
         */
        String done(int index, Explanation explanation, Duration took);
    }

    /** Receives failed photos. */
    @FunctionalInterface
    interface Failures {
        void failed(PhotoFile photo, String reason);
    }

    private final CommandSpec spec;
    private final boolean verbose;
    private final Progress progress;
    private Failures failures = (photo, reason) -> {};

    /** @param done what becomes of photos, such as "explained" */
    PhotoLoop(CommandSpec spec, int photos, String done) {
        this.spec = spec;
        this.verbose = Cam4j.isVerbose(spec);
        this.progress = new Progress(photos, done, spec.commandLine().getErr());
    }

    PhotoLoop onFailure(Failures told) {
        this.failures = told;
        return this;
    }

    /** Explains the photos, does the work and returns the exit status. */
    int run(List<PhotoFile> photos, ClassActivationMapper mapper, Work work) {
        // Only photos with valid file names; the stream is lazy.
        Stream<Path> files = photos.stream().flatMap(photo -> photo.path().stream());
        try (Stream<PhotoResult> explained = mapper.explainAll(files)) {
            return run(photos, explained.iterator(), work);
        }
    }

    /**
     * Does the work and returns the exit status.
     *
     * @param results one for each photo with a path
     */
    int run(List<PhotoFile> photos, Iterator<PhotoResult> results, Work work) {
        for (int i = 0; i < photos.size(); i++) {
            PhotoFile photo = photos.get(i);
            if (photo.path().isEmpty()) {
                failed(photo, named(photo, photo.refusal()));
            } else {
                take(photo, i, results.next(), work);
            }
        }
        return status();
    }

    private void take(PhotoFile photo, int index, PhotoResult result, Work work) {
        if (result instanceof PhotoResult.Failed failed) {
            failed(photo, failed.reason());
        } else if (result instanceof PhotoResult.Explained explained) {
            String line;
            try {
                line = work.done(index, explained.explanation(), explained.took());
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                if (Thread.currentThread().isInterrupted()) {
                    // Ctrl-C closes the file that is being written.
                    throw e;
                }
                failed(photo, e);
                return;
            }
            progress.done(spec.commandLine().getOut(), line);
        }
    }

    private void failed(PhotoFile photo, Throwable reason) {
        failed(photo, named(photo, Messages.of(reason)));
        if (verbose) {
            reason.printStackTrace(spec.commandLine().getErr());
        }
    }

    private static String named(PhotoFile photo, String reason) {
        return reason.contains(photo.shown()) ? reason : "photo '" + photo.shown() + "': " + reason;
    }

    private void failed(PhotoFile photo, String reason) {
        progress.failed(spec.commandLine().getErr(), "cam4j: " + reason);
        failures.failed(photo, reason);
    }

    private int status() {
        if (progress.failed() == 0) {
            return Cam4j.DONE;
        }
        return progress.failed() == progress.done() ? Cam4j.REFUSED : Cam4j.SOME_FAILED;
    }

    /** Prints the summary and the place of the results. */
    void printEnd(Optional<Path> results) {
        PrintWriter err = spec.commandLine().getErr();
        List<String> parts = new ArrayList<>(List.of(progress.closingLine()));
        results.filter(folder -> progress.failed() < progress.done())
                .ifPresent(folder -> parts.add("see " + Printable.of(folder)));
        err.println(String.join("; ", parts));
    }
}
