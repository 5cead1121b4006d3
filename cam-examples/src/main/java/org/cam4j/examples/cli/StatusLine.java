package org.cam4j.examples.cli;

import java.io.PrintWriter;

/** The last line of a terminal, updated during the work. */
final class StatusLine {

    /** Control sequence: moves to the first column and clears the line. */
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

    /** Replaces the line; an empty text removes it. */
    void set(String line) {
        if (shown) {
            terminal.print(CLEAR + line);
            terminal.flush();
        }
    }
}
