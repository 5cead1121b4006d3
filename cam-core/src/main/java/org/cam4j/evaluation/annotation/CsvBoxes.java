package org.cam4j.evaluation.annotation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.exception.AnnotationException;
import org.cam4j.localization.BoundingBox;

/** Boxes in a table: comma-separated values with a header line (RFC 4180), ends exclusive. */
final class CsvBoxes {

    private static final Set<String> FILE = Set.of("file", "image", "filename", "file_name", "path");
    private static final Set<String> LABEL = Set.of("label", "class", "name");
    private static final Set<String> INDEX = Set.of("class_index", "index", "imagenet_index");

    private final Path source;
    private final List<String> header;

    private CsvBoxes(Path source, List<String> header) {
        this.source = source;
        this.header = header.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    static List<LabelledPhoto> read(Path source) {
        List<Row> rows = rows(TextFile.read(source, TextFile.largestTable()), source);
        if (rows.isEmpty()) {
            return List.of();
        }
        CsvBoxes table = new CsvBoxes(source, rows.get(0).fields());
        BoxCollector collector = new BoxCollector();
        int file = table.required(FILE);
        int[] edges = {
            table.required(Set.of("x0", "xmin")),
            table.required(Set.of("y0", "ymin")),
            table.required(Set.of("x1", "xmax")),
            table.required(Set.of("y1", "ymax"))
        };
        int label = table.column(LABEL);
        int index = table.column(INDEX);
        for (Row each : rows.subList(1, rows.size())) {
            List<String> row = each.fields();
            String where = "line " + each.line() + " of '" + source + "'";
            if (row.size() != table.header.size()) {
                throw new AnnotationException(
                        where + " has " + row.size() + " columns, the header has " + table.header.size() + ".");
            }
            if (row.get(file).isBlank()) {
                throw new AnnotationException(where + " names no file: expected the photo of the box.");
            }
            collector.add(
                    row.get(file).strip(),
                    label < 0 ? Optional.empty() : Optional.of(row.get(label).strip()),
                    index < 0 ? OptionalInt.empty() : OptionalInt.of(TextFile.index(row.get(index), where)),
                    box(row, edges, where));
        }
        return collector.photos();
    }

    private static BoundingBox box(List<String> row, int[] edges, String where) {
        int[] pixels = new int[4];
        for (int i = 0; i < 4; i++) {
            pixels[i] = TextFile.pixel(row.get(edges[i]), where);
        }
        try {
            return new BoundingBox(pixels[0], pixels[1], pixels[2], pixels[3]);
        } catch (IllegalArgumentException e) {
            throw new AnnotationException(where + ": " + e.getMessage() + ".", e);
        }
    }

    private int required(Set<String> names) {
        int column = column(names);
        if (column < 0) {
            throw new AnnotationException("'" + source + "' has the columns " + header + ", but none called "
                    + String.join(" or ", new TreeSet<>(names)) + ": the first line must name the columns.");
        }
        return column;
    }

    private int column(Set<String> names) {
        for (int i = 0; i < header.size(); i++) {
            if (names.contains(header.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** A row and the line that it begins in, from 1. */
    private record Row(int line, List<String> fields) {}

    /** Fields in quotes may hold commas, line breaks and doubled quotes; blank lines are skipped. */
    private static List<Row> rows(String text, Path source) {
        List<Row> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int line = 1;
        int begin = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line += c == '\n' ? 1 : 0;
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                endField(field, row);
            } else if (c == '\n') {
                endRow(field, row, rows, begin);
                begin = line;
            } else if (c != '\r') {
                field.append(c);
            }
        }
        if (quoted) {
            throw new AnnotationException("'" + source + "' ends inside quotes: a closing quote is missing.");
        }
        endRow(field, row, rows, begin);
        return rows;
    }

    private static void endField(StringBuilder field, List<String> row) {
        row.add(field.toString());
        field.setLength(0);
    }

    private static void endRow(StringBuilder field, List<String> row, List<Row> rows, int line) {
        endField(field, row);
        if (row.size() > 1 || !row.get(0).isBlank()) {
            rows.add(new Row(line, List.copyOf(row)));
        }
        row.clear();
    }
}
