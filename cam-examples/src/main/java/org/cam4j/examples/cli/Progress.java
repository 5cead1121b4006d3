package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** A progress bar on the terminal for more than a few photos: photos done, photos a second, and the time left. */
final class Progress {

    private static final int A_FEW = 5;
    private static final int BAR = 24;

    private final int total;
    private final String what;
    private final StatusLine status;
    private final long start = System.nanoTime();
    private int done;
    private int failed;

    Progress(int total, String what, PrintWriter terminal) {
        this(total, what, terminal, total > A_FEW && Ansi.AUTO.enabled());
    }

    /** @param what the work done on photos, such as "explained" */
    Progress(int total, String what, PrintWriter terminal, boolean shown) {
        this.total = total;
        this.what = what;
        this.status = new StatusLine(terminal, shown);
    }

    /** Prints the line of a finished photo, if it has one, and the bar below it. */
    void done(PrintWriter out, Optional<String> line) {
        done++;
        status.set("");
        line.ifPresent(out::println);
        if (status.isShown() && done < total) {
            out.flush();
            status.set(bar());
        }
    }

    /** Prints the line of a failed photo, and the bar below it. */
    void failed(PrintWriter err, String line) {
        failed++;
        done(err, Optional.of(line));
    }

    /** Returns the number of failed photos. */
    int failed() {
        return failed;
    }

    /** Returns the number of photos done, including failed ones. */
    int done() {
        return done;
    }

    /** Returns the summary: {@code 11 of 12 photos explained, 1 failed in 4.1 s (2.7 a second)}. */
    String closingLine() {
        int succeeded = done - failed;
        return succeeded + " of " + done + (done == 1 ? " photo " : " photos ") + what
                + (failed == 0 ? "" : ", " + failed + " failed") + " in " + ElapsedTime.of(seconds())
                + (succeeded > 0 ? String.format(Locale.ROOT, " (%.1f a second)", succeeded / seconds()) : "");
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private String bar() {
        int filled = BAR * done / total;
        double left = seconds() / done * (total - done);
        return String.format(
                Locale.ROOT,
                "[%s%s] %d of %d, %.1f a second, %s left",
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                done,
                total,
                done / seconds(),
                ElapsedTime.estimated(left));
    }
}
