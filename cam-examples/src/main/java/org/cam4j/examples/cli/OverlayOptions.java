package org.cam4j.examples.cli;

import java.util.Optional;
import org.cam4j.render.picture.Colormap;
import picocli.CommandLine.Option;

/** Options for overlays: whether they are drawn, in which colours, how large and in which format. */
final class OverlayOptions {

    @Option(names = "--no-overlay", description = "Write no overlays.")
    boolean noOverlay;

    @Option(
            names = "--colormap",
            description = "The colours of heat: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Colormap colormap = Colormap.TURBO;

    @Option(
            names = "--overlay-size",
            paramLabel = "N|full",
            description = "The longer side of overlays, in pixels, at most; full: the photo's own size; default"
                    + " ${DEFAULT-VALUE}.")
    String size = "1600";

    @Option(
            names = "--overlay-format",
            paramLabel = "FORMAT",
            description = "Write overlays as ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    OverlayFormat format = OverlayFormat.PNG;

    /** Returns the colours of all pictures, also without overlays. */
    Colormap colormap() {
        return colormap;
    }

    /** Returns the colours of overlays; empty if none are drawn. */
    Optional<Colormap> overlays() {
        return noOverlay ? Optional.empty() : Optional.of(colormap);
    }

    /** Returns the format of overlays. */
    OverlayFormat format() {
        return format;
    }

    /** Returns the pixels along the longer side of overlays, at most. */
    int longestSide() {
        if (size.equalsIgnoreCase("full")) {
            return Integer.MAX_VALUE;
        }
        if (size.matches("[1-9]\\d{0,8}")) {
            return Integer.parseInt(size);
        }
        throw new IllegalArgumentException(
                "--overlay-size " + size + ": give pixels along the longer side, 1 or more, or 'full'");
    }

    /** Refuses impossible sizes before any photo is read. */
    void check() {
        longestSide();
    }
}
