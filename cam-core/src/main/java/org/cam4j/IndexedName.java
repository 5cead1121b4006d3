package org.cam4j;

import java.util.List;
import java.util.Locale;
import org.cam4j.exception.ModelFileException;

/**
 * A class's name with the index that a labels file gives it.
 *
 * @param index the place among the network's outputs, from 0
 * @param name the name
 */
record IndexedName(int index, String name) {

    /**
     * Returns the names in the order of their indices.
     *
     * @param source the file in messages
     * @throws ModelFileException if the indices are not 0, 1, 2, ..., each once
     */
    static List<String> ordered(List<IndexedName> entries, String source) {
        String[] names = new String[entries.size()];
        for (IndexedName entry : entries) {
            int index = entry.index();
            boolean isTwice = index >= 0 && index < names.length && names[index] != null;
            if (index < 0 || index >= names.length || isTwice) {
                throw new ModelFileException(String.format(
                        Locale.ROOT,
                        "%s has %d names but the index %d%s: the indices must count from 0 to %d.",
                        source,
                        names.length,
                        index,
                        isTwice ? " twice" : "",
                        names.length - 1));
            }
            names[index] = entry.name().strip();
        }
        return List.of(names);
    }

    /** Shortens a text of the file for a message. */
    static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
