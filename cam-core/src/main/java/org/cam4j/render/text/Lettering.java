package org.cam4j.render.text;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.text.Normalizer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writing as outlines.
 *
 * <p>Latin text is set in letters of our own ({@link Letters}), so that it looks the same everywhere and needs no installed
 * fonts, which a slim container lacks and on which Java then fails. Text with any other character is set in the machine's
 * sans-serif font; where the machine has none, a hollow box stands for the character.
 */
public final class Lettering {

    /** Height of capitals, in ems. */
    public static final double CAP_HEIGHT = 0.711;

    /** The descent of letters such as g below the line, in ems. */
    public static final double DESCENT = 0.21;

    private static final Logger LOG = LoggerFactory.getLogger(Lettering.class);
    private static final String ELLIPSIS = "…";
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private final Map<Integer, Letters.Letter> letters = Letters.latin();
    private final Supplier<Optional<Font>> machineFont;

    /**
     * Lettering with a stand-in for the machine's font.
     *
     * @param machineFont asked for only when a text has characters that are not ours
     */
    Lettering(Supplier<Optional<Font>> machineFont) {
        this.machineFont = machineFont;
    }

    /** The lettering of all pictures. */
    public static Lettering standard() {
        return Standard.LETTERING;
    }

    /**
     * A text's outline.
     *
     * @param text one line; line breaks and other control characters count as spaces
     * @param size pixels an em
     * @return the outline with the start of the base line at (0, 0), y downwards
     */
    public Shape outline(String text, double size) {
        String line = line(text);
        Optional<TextLayout> layout = machineLayout(line, size);
        if (layout.isPresent()) {
            return layout.get().getOutline(null);
        }
        Path2D outline = new Path2D.Double();
        AffineTransform place = AffineTransform.getScaleInstance(size / Letters.EM, size / Letters.EM);
        line.codePoints().mapToObj(this::letter).forEach(letter -> {
            outline.append(letter.outline().getPathIterator(place), false);
            place.translate(letter.advance(), 0);
        });
        return outline;
    }

    /**
     * The width of a text.
     *
     * @param text as for {@link #outline}
     * @param size pixels an em
     * @return pixels
     */
    public double width(String text, double size) {
        String line = line(text);
        return machineLayout(line, size)
                .map(layout -> (double) layout.getAdvance())
                .orElseGet(() -> line.codePoints()
                                .mapToDouble(point -> letter(point).advance())
                                .sum()
                        * size
                        / Letters.EM);
    }

    /**
     * A text that fits.
     *
     * @param text as for {@link #outline}
     * @param size pixels an em
     * @param room pixels
     * @return the text, or as much of its beginning as fits with an ellipsis; empty where not even that fits
     */
    public String shortened(String text, double size, double room) {
        String line = line(text);
        if (width(line, size) <= room) {
            return line;
        }
        int fits = 0;
        int tooMany = line.codePointCount(0, line.length());
        while (tooMany - fits > 1) {
            int count = (fits + tooMany) >>> 1;
            if (width(beginning(line, count), size) <= room) {
                fits = count;
            } else {
                tooMany = count;
            }
        }
        return fits > 0 ? beginning(line, fits) : "";
    }

    private static String beginning(String line, int count) {
        return line.substring(0, line.offsetByCodePoints(0, count)).stripTrailing() + ELLIPSIS;
    }

    /** Accents joined with their letters, and nothing that would break the line. */
    private static String line(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC)
                .replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", " ")
                .strip();
    }

    private Letters.Letter letter(int codePoint) {
        return letters.getOrDefault(codePoint, Letters.UNKNOWN);
    }

    private Optional<TextLayout> machineLayout(String line, double size) {
        return line.codePoints().allMatch(letters::containsKey)
                ? Optional.empty()
                : machineFont.get().map(font -> new TextLayout(line, font.deriveFont((float) size), CONTEXT));
    }

    private static final class Standard {

        static final Lettering LETTERING = new Lettering(() -> MachineFont.SANS_SERIF);
    }

    private static final class MachineFont {

        static final Optional<Font> SANS_SERIF = find();

        private static Optional<Font> find() {
            try {
                Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 1);
                new TextLayout("a", font, CONTEXT).getAdvance();
                return Optional.of(font);
            } catch (InternalError | LinkageError | RuntimeException e) {
                // Java's ways of saying, by release and by what is missing, that a machine has no usable fonts.
                LOG.info("no fonts on this machine: characters beyond Latin are drawn as boxes", e);
                return Optional.empty();
            }
        }
    }
}
