package org.cam4j.render;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of HTML with holes: <code>{{name}}</code> takes text, which is escaped, <code>{{&name}}</code> takes markup as it is.
 *
 * @param html the piece
 */
record Template(String html) {

    private static final Pattern HOLE = Pattern.compile("\\{\\{(&?)(\\w+)}}");

    /** A file of the report's, from cam4j's jar. */
    static String resource(String name) {
        try (InputStream in = Template.class.getResourceAsStream("report/" + name)) {
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
        Function<MatchResult, String> value = hole -> {
            String text = values.get(hole.group(2));
            if (text == null) {
                throw new IllegalArgumentException("nothing for " + hole.group());
            }
            return Matcher.quoteReplacement(hole.group(1).isEmpty() ? escaped(text) : text);
        };
        return HOLE.matcher(html).replaceAll(value);
    }

    /** The pieces before and after a hole. */
    Template[] splitAt(String name) {
        String hole = "{{&" + name + "}}";
        int at = html.indexOf(hole);
        return new Template[] {new Template(html.substring(0, at)), new Template(html.substring(at + hole.length()))};
    }

    /** Text that means itself in HTML, within quotes too. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
