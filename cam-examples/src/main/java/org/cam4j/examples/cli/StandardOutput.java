package org.cam4j.examples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Standard output, whose writer keeps failures to itself: a full disk, a reader that has ended. */
final class StandardOutput {

    private StandardOutput() {}

    /** The failure of output that takes no more. */
    static UncheckedIOException broken() {
        return new UncheckedIOException(
                "standard output takes no more: check that its disk has room, and that the program that reads it goes on",
                new IOException("standard output is broken"));
    }

    /** Returns a run's exit status: a run whose lines were lost did not go well. */
    static int status(int status, PrintWriter out, PrintWriter err) {
        if (!out.checkError() || status >= Cam4j.REFUSED) {
            return status;
        }
        err.println("cam4j: " + broken().getMessage());
        return Math.max(status, Cam4j.SOME_FAILED);
    }
}
