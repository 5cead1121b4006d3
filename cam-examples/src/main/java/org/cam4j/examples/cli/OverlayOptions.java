package org.cam4j.examples.cli;

import java.util.Optional;
import org.cam4j.render.picture.Colormap;
import picocli.CommandLine.Option;

/** Whether maps are drawn over photos, and in which colours. */
final class OverlayOptions {

    @Option(names = "--no-overlay", description = "Write no overlays.")
    private boolean noOverlay;

    @Option(
            names = "--colormap",
            defaultValue = "TURBO",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Colormap colormap;

    /** The colours of all pictures, overlays or not. */
    Colormap colormap() {
        return colormap;
    }

    /** The colours of overlays; empty if there shall be none. */
    Optional<Colormap> overlays() {
        return noOverlay ? Optional.empty() : Optional.of(colormap);
    }
}
