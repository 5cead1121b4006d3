package org.cam4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cam4j.exception.ModelFileException;

/**
 * The names of a network's classes, in the order of its outputs. Immutable.
 *
 * <p>Names may repeat: ImageNet has two classes "crane". Such a class can be asked for by index only, not by name.
 */
public final class Labels {

    private final List<String> names;

    private Labels(List<String> names) {
        this.names = List.copyOf(names);
    }

    /**
     * Creates labels from a list of names.
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
     * Creates labels from names.
     *
     * @param names one per class, in the order of the network's outputs
     * @return the labels
     */
    public static Labels of(String... names) {
        return of(List.of(names));
    }

    /**
     * Reads a UTF-8 file, with or without a byte order mark, in one of these formats:
     *
     * <ul>
     *   <li>one name a line, in the order of the network's outputs;
     *   <li>tab-separated lines that begin with the index and end with the name, in any order;
     *   <li>lines such as {@code 0 cat}, in any order, whose numbers are 0, 1, 2, ... without a gap;
     *   <li>JSON: {@code ["cat", ...]}, {@code {"0": "cat", ...}}, {@code {"0": ["n02123045", "cat"], ...}} as for ImageNet, or
     *       {@code {"cat": 0, ...}} as Keras' {@code class_indices}.
     * </ul>
     *
     * Blank lines and lines that begin with {@code #} are skipped.
     *
     * @param file the labels file, at most 16 MiB; may be a pipe, and an interrupt ends the wait for it
     * @return the labels
     * @throws ModelFileException if the file is missing, not text, empty, too large, or its indices are not 0, 1, 2, ...
     */
    public static Labels read(Path file) {
        return new Labels(LabelsFile.read(file));
    }

    /** Reads the labels file that a model's JSON settings name, see {@link LabelsFile#readBeside}. */
    static Labels readBeside(Path settings, String name) {
        return new Labels(LabelsFile.readBeside(settings, name));
    }

    /** {@code class 0}, {@code class 1}, ...: for a model without names. */
    static Labels numbered(int classes) {
        List<String> names = new ArrayList<>(classes);
        for (int i = 0; i < classes; i++) {
            names.add("class " + i);
        }
        return new Labels(names);
    }

    /**
     * Returns the number of classes.
     *
     * @return the number of names
     */
    public int size() {
        return names.size();
    }

    /**
     * Returns the name of a class.
     *
     * @param index in [0, size)
     * @return its name
     */
    public String get(int index) {
        return names.get(index);
    }

    /**
     * Returns all names.
     *
     * @return an unmodifiable list in the order of the network's outputs
     */
    public List<String> names() {
        return names;
    }

    /**
     * Finds the index of a class by name: an exact match first, otherwise a match that ignores case.
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
