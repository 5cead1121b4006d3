package org.cam4j.examples.cli;

import java.io.PrintWriter;

/** The last line of a terminal, which changes while the work goes on. */
final class StatusLine {

    /** To the first column, and the line cleared. */
    private static final String CLEAR = "\r\033[K";

    private final PrintWriter terminal;
    private final boolean shown;

    /** @param shown whether there is a terminal; otherwise nothing is printed */
    StatusLine(PrintWriter terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    boolean isShown() {
        return shown;
    }

    /** Replaces the line; an empty one leaves none. */
    void set(String line) {
        if (shown) {
            terminal.print(CLEAR + line);
            terminal.flush();
        }
    }
}
