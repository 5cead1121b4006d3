package org.cam4j.exception;

import java.util.List;

/** Many things in one message: at most ten, then how many more there are. */
public final class Listed {

    private static final int MOST = 10;

    private Listed() {}

    /** {@code a, b, c}, or {@code a, b, ..., j and 37 more}. */
    public static String of(List<String> things) {
        return joined(things, ", ", " and ");
    }

    /** {@code [a, b, c]}, or {@code [a, b, ..., j and 37 more]}: names that a sentence goes on after. */
    public static String bracketed(List<String> things) {
        return "[" + of(things) + "]";
    }

    /** With another separator, such as a semicolon between clauses: {@code a; b; ...; j; and 37 more}. */
    public static String of(List<String> things, String separator) {
        return joined(things, separator, separator + "and ");
    }

    private static String joined(List<String> things, String separator, String last) {
        return things.size() > MOST
                ? String.join(separator, things.subList(0, MOST)) + last + (things.size() - MOST) + " more"
                : String.join(separator, things);
    }
}
