package org.cam4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
     *   <li>lines such as {@code n01440764 tench, Tinca tinca}, ImageNet's {@code synset_words.txt}: the WordNet identifier is left out;
     *   <li>a table with commas, semicolons or tabs, with or without headings: a column of indices and one of names, or names in the
     *       order of the outputs below headings;
     *   <li>JSON: {@code ["cat", ...]}, {@code {"0": "cat", ...}}, {@code {"0": ["n02123045", "cat"], ...}} as for ImageNet, or
     *       {@code {"cat": 0, ...}} as Keras' {@code class_indices}; also as Python prints them.
     * </ul>
     *
     * Blank lines and lines that begin with {@code #} are skipped. A file that can be read in two ways is refused: numbers that count from
     * 1, a heading that may be a class.
     *
     * @param file the labels file, at most 16 MiB; may be a pipe, and an interrupt ends the wait for it
     * @return the labels
     * @throws ModelFileException if the file is missing, not text, empty, too large, its indices are not 0, 1, 2, ..., or
     *     it is not certain which name belongs to which output
     */
    public static Labels read(Path file) {
        return new Labels(LabelsFile.read(file));
    }

    /** Reads the bytes of a labels file, as {@link #read(Path)} does; {@code source} names the file in messages. */
    static Labels read(byte[] file, String source) {
        return new Labels(LabelsFile.read(file, source));
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
     * Finds the index of a class by name: an exact match first, otherwise a match that ignores case, otherwise one of the synonyms
     * between commas, as in ImageNet's {@code tench, Tinca tinca}.
     *
     * @param name a class's name
     * @return its index
     * @throws IllegalArgumentException if no class or more than one has the name
     */
    public int indexOf(String name) {
        List<Integer> exact = new ArrayList<>();
        List<Integer> folded = new ArrayList<>();
        List<Integer> synonyms = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                exact.add(i);
            } else if (names.get(i).equalsIgnoreCase(name)) {
                folded.add(i);
            } else if (hasSynonym(names.get(i), name)) {
                synonyms.add(i);
            }
        }
        List<Integer> found = !exact.isEmpty() ? exact : !folded.isEmpty() ? folded : synonyms;
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "no class is called '" + name + "' among the " + names.size() + " labels" + similar(name) + ".");
        }
        throw new IllegalArgumentException("'" + name + "' is the name of the classes " + found + ": ask by index.");
    }

    private static boolean hasSynonym(String label, String name) {
        return label.indexOf(',') >= 0
                && Arrays.stream(label.split(",")).anyMatch(part -> part.strip().equalsIgnoreCase(name));
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
