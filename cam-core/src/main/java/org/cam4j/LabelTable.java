package org.cam4j;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cam4j.exception.ModelFileException;

/**
 * Class names in a table of comma-, semicolon- or tab-separated values (RFC 4180), with or without a line of headings. The column of
 * indices is the one with 0, 1, 2, ... in any order; without one, the rows are in the order of the outputs. What is not certain is
 * refused.
 */
final class LabelTable {

    private static final List<Character> DELIMITERS = List.of(',', ';', '\t');

    /** Headings of the column of names, the surest first; compared without case, spaces and underscores. */
    private static final List<String> NAMES = List.of(
            "classname",
            "labelname",
            "displayname",
            "name",
            "names",
            "label",
            "labels",
            "class",
            "classes",
            "category",
            "title");

    /** Headings that other columns have, as far as a row of them is told from a class by its words alone. */
    private static final Set<String> OTHERS = Set.of(
            "id",
            "index",
            "idx",
            "classid",
            "classindex",
            "labelid",
            "number",
            "code",
            "synset",
            "wnid",
            "supercategory",
            "description",
            "color",
            "colour",
            "count");

    private final String source;
    private final List<List<String>> rows;
    private final Optional<List<String>> headings;

    private LabelTable(String source, List<List<String>> rows) {
        this.source = source;
        this.headings = isHeaded(rows) ? Optional.of(rows.get(0)) : Optional.empty();
        this.rows = headings.isPresent() ? rows.subList(1, rows.size()) : rows;
    }

    /**
     * Reads the names of a table.
     *
     * @param source the file in messages
     * @return the names; empty if the lines are no table, or one without indices, identifiers and headings
     * @throws ModelFileException if the indices are not 0, 1, 2, ..., or it is not certain which column has the names
     */
    static Optional<List<String>> names(List<String> lines, String source) {
        for (char delimiter : DELIMITERS) {
            Optional<List<List<String>>> rows = rows(lines, delimiter);
            Optional<List<String>> names = rows.flatMap(split -> new LabelTable(source, split).names());
            if (names.isPresent()) {
                return names;
            }
        }
        return Optional.empty();
    }

    private Optional<List<String>> names() {
        List<Integer> whole = columns(column -> all(column, LabelTable::isIndex));
        List<Integer> synsets = columns(column -> all(column, LabelTable::isSynset));
        if (headings.isEmpty() && whole.isEmpty() && synsets.isEmpty()) {
            return Optional.empty();
        }
        int nameColumn = nameColumn(synsets);
        List<Integer> numbers =
                whole.stream().filter(column -> column != nameColumn).toList();
        List<String> names = rows.stream().map(row -> row.get(nameColumn)).toList();
        if (names.stream().anyMatch(String::isBlank)) {
            throw new ModelFileException(
                    source + " has an empty cell " + called(nameColumn) + ": give every class a name.");
        }
        if (numbers.isEmpty()) {
            return Optional.of(names);
        }
        int indexColumn = indexColumn(numbers);
        return Optional.of(IndexedName.ordered(
                rows.stream()
                        .map(row -> new IndexedName(Integer.parseInt(row.get(indexColumn)), row.get(nameColumn)))
                        .toList(),
                source));
    }

    /** Chooses among the columns of whole numbers the only order that counts from 0. */
    private int indexColumn(List<Integer> whole) {
        List<Integer> counting = whole.stream().filter(this::countsFromZero).toList();
        if (counting.isEmpty()) {
            throw new ModelFileException(source + " has " + rows.size() + " names and whole numbers " + called(whole)
                    + ", which do not count from 0 to " + (rows.size() - 1)
                    + ": give the index of each class's output, or the names alone in the order of the outputs.");
        }
        int first = counting.get(0);
        boolean agree = counting.stream().allMatch(column -> rows.stream()
                .allMatch(row -> row.get(column).equals(row.get(first))));
        if (!agree) {
            throw new ModelFileException(source + " has several orders " + called(counting)
                    + ": leave the column that has the index of each class's output.");
        }
        return first;
    }

    private int nameColumn(List<Integer> synsets) {
        List<Integer> texts = columns(column -> !all(column, LabelTable::isNumber) && !synsets.contains(column));
        if (texts.isEmpty() && synsets.size() == 1) {
            return synsets.get(0);
        }
        if (texts.size() == 1) {
            return texts.get(0);
        }
        // Classes such as the ten digits are numbers.
        List<Integer> candidates = texts.isEmpty() ? columns(column -> true) : texts;
        for (String wanted : NAMES) {
            List<Integer> called = candidates.stream()
                    .filter(column -> headings.isPresent()
                            && plain(headings.get().get(column)).equals(wanted))
                    .toList();
            if (called.size() == 1) {
                return called.get(0);
            }
        }
        throw new ModelFileException(source + " has "
                + (texts.isEmpty()
                        ? "no column of names"
                        : "texts " + called(texts) + ", any of which may be the names")
                + ": leave two columns, with the headings index,name.");
    }

    /** A first row of words over a column of numbers or identifiers, or one of known headings alone. */
    private static boolean isHeaded(List<List<String>> rows) {
        List<String> first = rows.get(0);
        if (rows.size() < 2 || first.stream().anyMatch(cell -> isNumber(cell) || isSynset(cell))) {
            return false;
        }
        List<List<String>> below = rows.subList(1, rows.size());
        for (int i = 0; i < first.size(); i++) {
            int column = i;
            if (below.stream().allMatch(row -> isIndex(row.get(column)))
                    || below.stream().allMatch(row -> isSynset(row.get(column)))) {
                return true;
            }
        }
        return first.stream().anyMatch(heading -> NAMES.contains(plain(heading)))
                && first.stream()
                        .allMatch(heading -> NAMES.contains(plain(heading)) || OTHERS.contains(plain(heading)));
    }

    private static boolean isIndex(String cell) {
        return cell.matches("\\d{1,9}");
    }

    private static boolean isNumber(String cell) {
        return cell.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    }

    private static boolean isSynset(String cell) {
        return cell.matches("n\\d{8}");
    }

    private static String plain(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    }

    private List<Integer> columns(IntPredicate isOne) {
        return IntStream.range(0, rows.get(0).size()).filter(isOne).boxed().toList();
    }

    private boolean all(int column, Predicate<String> isOne) {
        return rows.stream().allMatch(row -> isOne.test(row.get(column)));
    }

    private boolean countsFromZero(int column) {
        BitSet found = new BitSet();
        rows.forEach(row -> found.set(Math.min(Integer.parseInt(row.get(column)), rows.size())));
        return found.cardinality() == rows.size() && !found.get(rows.size());
    }

    private String called(int column) {
        return called(List.of(column));
    }

    private String called(List<Integer> columns) {
        return (columns.size() == 1 ? "in column " : "in the columns ")
                + columns.stream()
                        .limit(5)
                        .map(column -> headings.map(names -> "'" + IndexedName.cut(names.get(column)) + "'")
                                .orElseGet(() -> String.valueOf(column + 1)))
                        .collect(Collectors.joining(", "));
    }

    /** Returns rows of two cells or more; empty if lines have different numbers of cells or unfinished quotes. */
    private static Optional<List<List<String>>> rows(List<String> lines, char delimiter) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines) {
            Optional<List<String>> cells = cells(line, delimiter);
            if (cells.isEmpty()
                    || cells.get().size() < 2
                    || (!rows.isEmpty() && cells.get().size() != rows.get(0).size())) {
                return Optional.empty();
            }
            rows.add(cells.get());
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows);
    }

    private static Optional<List<String>> cells(String line, char delimiter) {
        List<String> cells = new ArrayList<>();
        int at = 0;
        while (at <= line.length()) {
            int end = endOfCell(line, at, delimiter);
            if (end < 0) {
                return Optional.empty();
            }
            cells.add(unquoted(line.substring(at, end)).strip());
            at = end + 1;
        }
        return Optional.of(cells);
    }

    /** Returns the place of the delimiter or the line's end behind a cell; negative if a quote is not closed. */
    private static int endOfCell(String line, int start, char delimiter) {
        int first = start;
        while (first < line.length() && line.charAt(first) == ' ') {
            first++;
        }
        boolean isQuoted = first < line.length() && line.charAt(first) == '"';
        boolean isInside = false;
        for (int i = start; i < line.length(); i++) {
            if (isQuoted && line.charAt(i) == '"') {
                isInside = !isInside;
            } else if (!isInside && line.charAt(i) == delimiter) {
                return i;
            }
        }
        return isInside ? -1 : line.length();
    }

    /** Returns the text of a cell in quotes, or the cell itself if it is not wholly in quotes. */
    static String unquoted(String cell) {
        String stripped = cell.strip();
        if (stripped.length() < 2 || stripped.charAt(0) != '"') {
            return cell;
        }
        int end = 1;
        while (end < stripped.length() && (stripped.charAt(end) != '"' || stripped.startsWith("\"\"", end))) {
            end += stripped.charAt(end) == '"' ? 2 : 1;
        }
        return end == stripped.length() - 1 ? stripped.substring(1, end).replace("\"\"", "\"") : cell;
    }

    /** Tells whether a text begins with a quote that ends before it: several cells. */
    static boolean isPartlyQuoted(String text) {
        return text.startsWith("\"") && unquoted(text).equals(text);
    }
}
