package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.PhotoResult;

/**
 * Runs a command on its photos and prints their lines in order. Each photo fails alone: its failure is one line, and the others go on.
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

    /** A command's work on one photo, the most of it while other photos are worked on. */
    @FunctionalInterface
    interface WorkAtOnce {

        /**
         * Works on a photo on any thread; anything thrown is this photo's failure.
         *
         * @param index the photo's place among the photos
         * @param took the time of decoding and the network
         * @return what is left to do in the photos' order, on the loop's thread: returns the line to print, and may fail likewise
         */
        Supplier<String> done(int index, Explanation explanation, Duration took);
    }

    /** Receives failed photos. */
    @FunctionalInterface
    interface Failures {
        void failed(PhotoFile photo, String reason);
    }

    private final Console console;
    private boolean printsLines;
    private final Progress progress;
    private Failures failures = (photo, reason) -> {};
    private boolean endsWithOutput;

    /** @param done what becomes of photos, such as "explained" */
    PhotoLoop(Console console, int photos, String done) {
        this.console = console;
        this.printsLines = !console.quiet();
        this.progress = console.quiet()
                ? new Progress(photos, done, console.err(), false)
                : new Progress(photos, done, console.err());
    }

    /** Prints the photos' lines with {@code --quiet} too, if they are the results. */
    PhotoLoop printingLines(boolean areResults) {
        this.printsLines = areResults || !console.quiet();
        return this;
    }

    PhotoLoop onFailure(Failures told) {
        this.failures = told;
        return this;
    }

    /**
     * Ends the run when standard output takes no more lines: they are all that comes of it.
     *
     * @param lines whether nothing else is written
     */
    PhotoLoop forOutputAlone(boolean lines) {
        this.endsWithOutput = lines;
        return this;
    }

    /** Explains the photos, does the work and returns the exit status. */
    int run(List<PhotoFile> photos, ClassActivationMapper mapper, Work work) {
        return run(photos, mapper, 0, inOrder(work));
    }

    /**
     * Explains the photos, does the work on several at once and returns the exit status.
     *
     * @param threads how many photos are worked on at once; 0 for one after the other on the caller's thread
     */
    int run(List<PhotoFile> photos, ClassActivationMapper mapper, int threads, WorkAtOnce work) {
        // Only photos with valid file names; the stream is lazy.
        Stream<Path> files = photos.stream().flatMap(photo -> photo.path().stream());
        try (Stream<PhotoResult> explained = mapper.explainAll(files)) {
            return run(photos, explained.iterator(), threads, work);
        }
    }

    private static WorkAtOnce inOrder(Work work) {
        return (index, explanation, took) -> {
            String line = work.done(index, explanation, took);
            return () -> line;
        };
    }

    /**
     * Does the work on several photos at once and returns the exit status.
     *
     * @param results one for each photo with a path
     * @param threads how many photos are worked on at once; 0 for one after the other on the caller's thread
     */
    int run(List<PhotoFile> photos, Iterator<PhotoResult> results, int threads, WorkAtOnce work) {
        try (WorkAhead ahead = new WorkAhead(threads)) {
            for (int i = 0; i < photos.size(); i++) {
                PhotoFile photo = photos.get(i);
                int index = i;
                if (photo.path().isEmpty()) {
                    ahead.inOrder(() -> failed(photo, named(photo, photo.refusal())));
                    continue;
                }
                PhotoResult result = results.next();
                if (result instanceof PhotoResult.Failed failed) {
                    ahead.inOrder(() -> failed(photo, failed.reason()));
                } else if (result instanceof PhotoResult.Explained explained) {
                    ahead.start(
                            () -> work.done(index, explained.explanation(), explained.took()),
                            done -> finish(photo, done));
                }
            }
            ahead.finish();
        }
        return status();
    }

    private void finish(PhotoFile photo, Supplier<Supplier<String>> done) {
        String line;
        try {
            line = done.get().get();
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
        progress.done(console.out(), printsLines ? Optional.of(line) : Optional.empty());
        if (endsWithOutput && console.out().checkError()) {
            throw StandardOutput.broken();
        }
    }

    private void failed(PhotoFile photo, Throwable reason) {
        failed(photo, named(photo, Messages.of(reason)));
        if (console.verbose()) {
            reason.printStackTrace(console.err());
        }
    }

    private static String named(PhotoFile photo, String reason) {
        String said = photo.inGivenTerms(reason);
        return said.contains(photo.shown()) || said.contains("'" + photo.given() + "'")
                ? said
                : "photo '" + photo.shown() + "': " + said;
    }

    private void failed(PhotoFile photo, String reason) {
        progress.failed(console.err(), "cam4j: " + reason);
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
        if (console.quiet()) {
            return;
        }
        List<String> parts = new ArrayList<>(List.of(progress.closingLine()));
        results.filter(folder -> progress.failed() < progress.done())
                .ifPresent(folder -> parts.add("see " + Printable.of(folder)));
        console.err().println(String.join("; ", parts));
    }
}
