package org.cam4j.exception;

/** Names from a file, fit for a message: a damaged file may have names of any length. */
public final class Quoted {

    private static final int LONGEST = 100;

    private Quoted() {}

    /** {@code 'name'}, cut where it is long. */
    public static String of(String name) {
        return "'" + cut(name) + "'";
    }

    public static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
