package org.cam4j.exception;

import java.util.List;

/** Lists in messages: at most ten items, then the number of the others. */
public final class Listed {

    private static final int MOST = 10;

    private Listed() {}

    /** Returns {@code a, b, c}, or {@code a, b, ..., j and 37 more}. */
    public static String of(List<String> things) {
        return joined(things, ", ", " and ");
    }

    /** Returns {@code [a, b, c]}, or {@code [a, b, ..., j and 37 more]}: for names in the middle of a sentence. */
    public static String bracketed(List<String> things) {
        return "[" + of(things) + "]";
    }

    /** Lists with another separator, such as a semicolon between clauses: {@code a; b; ...; j; and 37 more}. */
    public static String of(List<String> things, String separator) {
        return joined(things, separator, separator + "and ");
    }

    private static String joined(List<String> things, String separator, String last) {
        return things.size() > MOST
                ? String.join(separator, things.subList(0, MOST)) + last + (things.size() - MOST) + " more"
                : String.join(separator, things);
    }
}
