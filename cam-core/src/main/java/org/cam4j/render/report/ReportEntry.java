package org.cam4j.render.report;

import org.cam4j.Provenance;

/** A photo's part of a report's page, drawn and not yet written. */
public final class ReportEntry {

    private final Provenance provenance;
    private final String html;

    ReportEntry(Provenance provenance, String html) {
        this.provenance = provenance;
        this.html = html;
    }

    Provenance provenance() {
        return provenance;
    }

    String html() {
        return html;
    }
}
