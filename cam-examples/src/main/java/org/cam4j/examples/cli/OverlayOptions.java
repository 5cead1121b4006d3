package org.cam4j.examples.cli;

import java.util.Optional;
import org.cam4j.render.picture.Colormap;
import picocli.CommandLine.Option;

/** Options for overlays: whether they are drawn, and in which colours. */
final class OverlayOptions {

    @Option(names = "--no-overlay", description = "Write no overlays.")
    private boolean noOverlay;

    @Option(
            names = "--colormap",
            defaultValue = "TURBO",
            description = "The colours of heat: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Colormap colormap;

    /** Returns the colours of all pictures, also without overlays. */
    Colormap colormap() {
        return colormap;
    }

    /** Returns the colours of overlays; empty if none are drawn. */
    Optional<Colormap> overlays() {
        return noOverlay ? Optional.empty() : Optional.of(colormap);
    }
}
