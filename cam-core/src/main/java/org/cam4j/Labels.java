package org.cam4j;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cam4j.exception.ModelFileException;

/**
 * The names of a network's classes, in the order of its outputs. Immutable.
 *
 * <p>Names may repeat (ImageNet has two cranes); asking for such a class by name is then refused, by index it works.
 */
public final class Labels {

    private final List<String> names;

    private Labels(List<String> names) {
        this.names = List.copyOf(names);
    }

    /**
     * Labels from their names.
     *
     * @param names one per class, in the order of the network's outputs
     * @return the labels
     */
    public static Labels of(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("no labels: give one name per class");
        }
        return new Labels(names);
    }

    /**
     * Labels from their names.
     *
     * @param names one per class, in the order of the network's outputs
     * @return the labels
     */
    public static Labels of(String... names) {
        return of(List.of(names));
    }

    /**
     * Reads a UTF-8 text file: one class a line in the order of the network's outputs, or tab-separated lines that begin with
     * the index and end with the name, in any order. Blank lines and lines that begin with {@code #} are skipped.
     *
     * @param file the labels file
     * @return the labels
     * @throws ModelFileException if the file is missing, is no text, is empty, or has indices that do not count from 0
     */
    public static Labels read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ModelFileException("no labels file '" + file + "': check the path, or leave the labels out.", e);
        } catch (CharacterCodingException e) {
            throw new ModelFileException("labels file '" + file + "' is not UTF-8 text: save it as UTF-8.", e);
        } catch (IOException e) {
            throw new ModelFileException("labels file '" + file + "' cannot be read: " + e.getMessage(), e);
        }
        lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
        if (lines.isEmpty()) {
            throw new ModelFileException("labels file '" + file + "' is empty: write one class name a line.");
        }
        return new Labels(
                lines.stream().allMatch(line -> line.matches("\\d{1,9}\\t.*\\S.*"))
                        ? indexed(lines, file)
                        : lines.stream().map(String::strip).toList());
    }

    private static List<String> indexed(List<String> lines, Path file) {
        String[] names = new String[lines.size()];
        for (String line : lines) {
            int index = Integer.parseInt(line.substring(0, line.indexOf('\t')));
            if (index >= names.length || names[index] != null) {
                throw new ModelFileException(
                        "labels file '" + file + "' has " + lines.size() + " lines but the index " + index
                                + (index >= names.length ? "" : " twice") + ": the indices must count from 0 to "
                                + (lines.size() - 1) + ".");
            }
            names[index] = line.substring(line.lastIndexOf('\t') + 1).strip();
        }
        return List.of(names);
    }

    /** {@code class 0}, {@code class 1}, ...: for a model whose names nobody gave. */
    static Labels numbered(int classes) {
        List<String> names = new ArrayList<>(classes);
        for (int i = 0; i < classes; i++) {
            names.add("class " + i);
        }
        return new Labels(names);
    }

    /**
     * How many classes.
     *
     * @return the number of names
     */
    public int size() {
        return names.size();
    }

    /**
     * The name of a class.
     *
     * @param index in [0, size)
     * @return its name
     */
    public String get(int index) {
        return names.get(index);
    }

    /**
     * All names.
     *
     * @return an unmodifiable list in the order of the network's outputs
     */
    public List<String> names() {
        return names;
    }

    /**
     * The class of a name. Case counts only where names differ by nothing else.
     *
     * @param name a class's name
     * @return its index
     * @throws IllegalArgumentException if no class or more than one has the name
     */
    public int indexOf(String name) {
        List<Integer> exact = new ArrayList<>();
        List<Integer> folded = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                exact.add(i);
            } else if (names.get(i).equalsIgnoreCase(name)) {
                folded.add(i);
            }
        }
        List<Integer> found = exact.isEmpty() ? folded : exact;
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "no class is called '" + name + "' among the " + names.size() + " labels" + similar(name) + ".");
        }
        throw new IllegalArgumentException("'" + name + "' is the name of the classes " + found + ": ask by index.");
    }

    private String similar(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        List<String> close = names.stream()
                .filter(label -> label.toLowerCase(Locale.ROOT).contains(wanted))
                .limit(5)
                .toList();
        return close.isEmpty()
                ? ", the first of which is '" + names.get(0) + "'"
                : "; close to it: " + String.join(", ", close);
    }
}
