package org.cam4j;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cam4j.exception.ModelFileException;

/**
 * Class names in lines: names alone, behind an index, behind a WordNet identifier as in ImageNet's {@code synset_words.txt}, or in a
 * {@link LabelTable}. Lines that look numbered, but not from 0 without a gap, are refused: as names or as indices, either reading may be
 * wrong by one.
 */
final class LabelLines {

    private static final String TABBED = "(?s)\\d{1,9}\\t.*\\S.*";
    private static final Pattern NUMBERED = Pattern.compile("(?s)(\\d{1,9})[ ,:;]+(\\S.*)");

    /** A WordNet identifier and a name. */
    private static final Pattern SYNSET = Pattern.compile("(?s)n\\d{8}[ \\t,;]+(\\S.*)");

    /** What the first line of a file may say about the lines below it. */
    private static final Set<String> HEADINGS = Set.of(
            "name",
            "names",
            "label",
            "labels",
            "class",
            "classes",
            "class_name",
            "class_names",
            "classname",
            "label_name",
            "category",
            "categories");

    private final String source;
    private final List<String> lines;

    /** @param source the file in messages */
    LabelLines(String source, String text) {
        this.source = source;
        this.lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /**
     * Reads the names.
     *
     * @return the names, none for a file without lines
     * @throws ModelFileException if it is not certain which name belongs to which output
     */
    List<String> names() {
        if (lines.stream().allMatch(line -> SYNSET.matcher(line.strip()).matches())) {
            return lines.stream().map(LabelLines::withoutIdentifier).toList();
        }
        if (lines.stream().allMatch(line -> line.matches(TABBED))) {
            List<IndexedName> entries = lines.stream()
                    .map(line -> new IndexedName(
                            Integer.parseInt(line.substring(0, line.indexOf('\t'))),
                            line.substring(line.lastIndexOf('\t') + 1)))
                    .toList();
            return IndexedName.ordered(entries, source);
        }
        if (isNumberedFromZero()) {
            return IndexedName.ordered(
                    lines.stream().map(line -> numbered(line).orElseThrow()).toList(), source);
        }
        return LabelTable.names(lines, source).orElseGet(this::plain);
    }

    private List<String> plain() {
        requireNoNumbers();
        if (lines.size() > 1 && HEADINGS.contains(lines.get(0).strip().toLowerCase(Locale.ROOT))) {
            throw new ModelFileException(
                    source + " begins with '" + lines.get(0).strip()
                            + "', which may be a heading or the name of class 0: remove the heading, or write the names as a"
                            + " JSON list.");
        }
        return lines.stream().map(String::strip).toList();
    }

    private static String withoutIdentifier(String line) {
        Matcher synset = SYNSET.matcher(line.strip());
        return LabelTable.unquoted(synset.matches() ? synset.group(1) : line.strip());
    }

    /** Tells whether lines are {@code 0 cat} and so on, in any order. No number may be missing: "101 Dalmatians" may be a class. */
    private boolean isNumberedFromZero() {
        BitSet indices = new BitSet();
        for (String line : lines) {
            Optional<IndexedName> entry = numbered(line);
            if (entry.isEmpty() || LabelTable.isPartlyQuoted(entry.get().name())) {
                return false;
            }
            int index = entry.get().index();
            if (index >= lines.size() || indices.get(index)) {
                return false;
            }
            indices.set(index);
        }
        return !lines.isEmpty();
    }

    private static Optional<IndexedName> numbered(String line) {
        Matcher numbered = NUMBERED.matcher(line.strip());
        return numbered.matches()
                ? Optional.of(
                        new IndexedName(Integer.parseInt(numbered.group(1)), withoutIdentifier(numbered.group(2))))
                : Optional.empty();
    }

    /** Refuses lines most of which begin with a run of numbers from 0 or 1, but not each with its index. */
    private void requireNoNumbers() {
        BitSet found = new BitSet();
        int count = 0;
        Optional<String> other = Optional.empty();
        for (String line : lines) {
            Optional<IndexedName> entry = numbered(line);
            if (entry.isPresent()) {
                // A number beyond the lines is part of a name, such as a year.
                found.set(Math.min(entry.get().index(), lines.size() + 1));
                count++;
            } else if (other.isEmpty()) {
                other = Optional.of(line.strip());
            }
        }
        boolean isFromZero = found.get(0) && found.get(1);
        boolean isFromOne = found.get(1) && found.length() == count + 1 && found.cardinality() == count;
        if (count < 2 || count <= lines.size() / 2 || !(isFromZero || isFromOne)) {
            return;
        }
        String wrong = other.map(line -> "the line '" + IndexedName.cut(line) + "' without a number")
                .orElseGet(() -> found.get(0) ? "numbers with a gap" : "numbers that count from 1");
        throw new ModelFileException(source + " has numbered lines, but " + wrong
                + ": expected the index of the output, from 0 without a gap, on every line or on none. If the numbers belong"
                + " to the names, write a JSON list.");
    }
}
