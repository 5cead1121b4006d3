package org.cam4j.dl4j.graph;

import java.util.List;
import java.util.stream.Collectors;

/** Names in a message: ten at most, and how many more there are. */
public final class Names {

    private static final int MOST = 10;

    private Names() {}

    /**
     * A list for a message.
     *
     * @param names in order
     * @return {@code [species, box]}
     */
    public static String of(List<String> names) {
        String listed = names.stream().limit(MOST).collect(Collectors.joining(", "));
        int more = names.size() - MOST;
        return "[" + listed + (more > 0 ? " and " + more + " more" : "") + "]";
    }
}
