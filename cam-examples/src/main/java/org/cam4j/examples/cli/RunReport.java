package org.cam4j.examples.cli;

import java.io.UncheckedIOException;
import org.cam4j.Explanation;
import org.cam4j.render.report.ReportPage;

/**
 * The report of a run. The photos do not depend on it: a page that cannot be written any more takes no further photos, and fails once,
 * when the run ends.
 */
final class RunReport {

    private final ReportPage page;
    private boolean isBroken;

    RunReport(ReportPage page) {
        this.page = page;
    }

    void add(Explanation explanation) {
        write(() -> page.add(explanation));
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
