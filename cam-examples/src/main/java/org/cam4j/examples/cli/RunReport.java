package org.cam4j.examples.cli;

import java.io.UncheckedIOException;
import org.cam4j.Explanation;
import org.cam4j.render.report.ReportEntry;
import org.cam4j.render.report.ReportPage;

/**
 * The report of a run. Photos do not depend on the report: if the page cannot be written, it takes no further photos, and fails once, at
 * the end of the run.
 */
final class RunReport {

    private final ReportPage page;
    private boolean isBroken;

    RunReport(ReportPage page) {
        this.page = page;
    }

    /** Draws a photo's part of the page, on any thread. */
    ReportEntry entry(Explanation explanation) {
        return page.entry(explanation);
    }

    void add(ReportEntry entry) {
        write(() -> page.add(entry));
    }

    void addFailure(String photo, String reason) {
        write(() -> page.addFailure(photo, reason));
    }

    private void write(Runnable photo) {
        if (isBroken) {
            return;
        }
        try {
            photo.run();
        } catch (UncheckedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            isBroken = true;
        }
    }
}
