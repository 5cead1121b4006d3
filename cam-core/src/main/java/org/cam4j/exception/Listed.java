package org.cam4j.exception;

import java.util.List;

/** Many things in one message: at most ten, then how many more there are. */
public final class Listed {

    private static final int MOST = 10;

    private Listed() {}

    /** {@code a, b, c}, or {@code a, b, ..., j and 37 more}. */
    public static String of(List<String> things) {
        return of(things, ", ");
    }

    /** The same with another separator. */
    public static String of(List<String> things, String separator) {
        if (things.size() > MOST) {
            return String.join(separator, things.subList(0, MOST)) + separator.stripTrailing() + " and "
                    + (things.size() - MOST) + " more";
        }
        return String.join(separator, things);
    }
}
