package org.cam4j.render.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of HTML with holes: <code>{{name}}</code> takes text, which is escaped, <code>{{&amp;name}}</code> takes markup as it is.
 *
 * @param html the piece
 */
record Template(String html) {

    private static final Pattern HOLE = Pattern.compile("\\{\\{(&?)(\\w+)}}");

    /** Line feeds stay: messages have them. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\x00-\\x09\\x0B-\\x1F\\x7F-\\x9F\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    /** A file of the report's, from cam4j's jar. */
    static String resource(String name) {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the report's " + name + " cannot be read from cam4j's jar: " + e.getMessage(), e);
        }
    }

    /** The template in a file of the report's. */
    static Template of(String name) {
        return new Template(resource(name));
    }

    /**
     * The piece without holes.
     *
     * @param values what goes into each hole
     * @throws IllegalArgumentException if a hole has no value
     */
    String filled(Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        Matcher hole = HOLE.matcher(html);
        int done = 0;
        while (hole.find()) {
            String text = values.get(hole.group(2));
            if (text == null) {
                throw new IllegalArgumentException("nothing for " + hole.group());
            }
            filled.append(html, done, hole.start()).append(hole.group(1).isEmpty() ? escaped(text) : text);
            done = hole.end();
        }
        return filled.append(html, done, html.length()).toString();
    }

    /** The pieces before and after a hole. */
    Template[] splitAt(String name) {
        String hole = "{{&" + name + "}}";
        int at = html.indexOf(hole);
        return new Template[] {new Template(html.substring(0, at)), new Template(html.substring(at + hole.length()))};
    }

    /** Text that means itself in HTML, within quotes too; control characters, which HTML has no place for, as their pictures. */
    static String escaped(String text) {
        return CONTROL.matcher(text)
                .replaceAll(control -> pictured(control.group().charAt(0)))
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Unicode's control pictures: U+241B for escape, U+2421 for delete; the replacement character for those without one. */
    private static String pictured(char control) {
        if (control < 0x20) {
            return String.valueOf((char) (0x2400 + control));
        }
        return control == 0x7F ? "\u2421" : "\uFFFD";
    }
}
