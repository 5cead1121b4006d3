package org.cam4j.render.text;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The Latin letters, digits and signs as outlines, read from {@code letters.txt}, which notes their origin and licence. */
final class Letters {

    /** Units an em. */
    static final int EM = 1000;

    /** A hollow box, for characters that cannot be drawn. */
    static final Letter UNKNOWN = new Letter(600, hollowBox());

    private Letters() {}

    /**
     * One letter.
     *
     * @param advance from its start to the next letter's, in units
     * @param outline in units from the start of the base line, y downwards; filled by the non-zero rule
     */
    record Letter(double advance, Shape outline) {}

    /** The letters by code point: Basic Latin, Latin-1, Latin Extended-A, and some punctuation. */
    static Map<Integer, Letter> latin() {
        try (InputStream in = Letters.class.getResourceAsStream("letters.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(" ", -1)))
                    .collect(Collectors.toUnmodifiableMap(
                            words -> HexFormat.fromHexDigits(words.get(0)), Letters::letter));
        } catch (IOException e) {
            throw new UncheckedIOException("the letters cannot be read from cam4j's jar: " + e.getMessage(), e);
        }
    }

    private static Letter letter(List<String> words) {
        Path2D outline = new Path2D.Float(Path2D.WIND_NON_ZERO);
        Iterator<String> next = words.subList(2, words.size()).iterator();
        while (next.hasNext()) {
            String command = next.next();
            switch (command) {
                case "M" -> outline.moveTo(number(next), number(next));
                case "L" -> outline.lineTo(number(next), number(next));
                case "Q" -> outline.quadTo(number(next), number(next), number(next), number(next));
                case "Z" -> outline.closePath();
                default -> throw new IllegalStateException("letters.txt has the unknown command '" + command + "'");
            }
        }
        return new Letter(Integer.parseInt(words.get(1)), outline);
    }

    private static int number(Iterator<String> words) {
        return Integer.parseInt(words.next());
    }

    private static Shape hollowBox() {
        Area box = new Area(new Rectangle2D.Double(60, -711, 480, 711));
        box.subtract(new Area(new Rectangle2D.Double(120, -651, 360, 591)));
        return box;
    }
}
