package org.cam4j.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.cam4j.exception.IoReason;

/** Says why a file could not be written, and what to do. */
final class WriteFailure {

    /** The messages of Linux, macOS and BSD, and Windows for a full disk and for an exceeded quota. */
    private static final String FULL =
            "(?s).*(no space left|not enough space|quota exceeded|disk quota|file too large).*";

    private WriteFailure() {}

    /** Returns the system's own message, which ImageIO and others wrap in exceptions that say less. */
    static String reason(IOException failure) {
        IOException cause = deepest(failure);
        return isFull(cause) && !(cause instanceof FileSystemException) ? cause.getMessage() : IoReason.of(cause);
    }

    static String advice(IOException failure) {
        if (deepest(failure) instanceof ClosedByInterruptException) {
            return "Write it again, from a thread that is not interrupted.";
        }
        return isFull(deepest(failure))
                ? "Make room on the disk, or write to another one."
                : "Check that its folder exists or can be made, that you may write there, that the disk has room, and that its name"
                        + " is no longer than the disk allows.";
    }

    private static boolean isFull(IOException cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).matches(FULL);
    }

    private static IOException deepest(IOException failure) {
        IOException deepest = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException deeper) {
                deepest = deeper;
            }
        }
        return deepest;
    }
}
