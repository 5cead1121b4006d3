package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.cam4j.file.WholeFile;
import org.cam4j.render.overlay.Overlay;

/** The format of overlays. */
enum OverlayFormat {
    /** Pixels without evidence keep the photo's colours exactly. */
    PNG(".png") {
        @Override
        void write(Overlay overlay, Path file) {
            overlay.write(file);
        }
    },

    /** A sixth of the bytes, and encoded faster. */
    JPEG(".jpg") {
        @Override
        void write(Overlay overlay, Path file) {
            byte[] jpeg = overlay.jpeg(QUALITY);
            WholeFile.write(file, out -> out.write(jpeg));
        }
    };

    private static final double QUALITY = 0.9;

    private final String ending;

    OverlayFormat(String ending) {
        this.ending = ending;
    }

    /** Returns the format of a name, in any case. */
    static Optional<OverlayFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Returns the ending of files. */
    String ending() {
        return ending;
    }

    /** Draws an overlay and writes it. */
    abstract void write(Overlay overlay, Path file);
}
