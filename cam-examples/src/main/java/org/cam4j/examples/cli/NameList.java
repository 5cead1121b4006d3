package org.cam4j.examples.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Shortens long lists of names to one line. */
final class NameList {

    private static final int SHOWN = 10;

    private NameList() {}

    /** Returns all names, or the first ten and the number of the others. */
    static String of(List<String> names, boolean all) {
        int shown = all ? names.size() : Math.min(SHOWN, names.size());
        String list = names.stream().limit(shown).map(Printable::of).collect(Collectors.joining(", "));
        return shown == names.size() ? list : list + " and " + (names.size() - shown) + " more (--verbose names them)";
    }
}
