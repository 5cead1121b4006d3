package org.cam4j.exception;

/** Quotes names from a file for messages, and cuts long ones: a damaged file may have names of any length. */
public final class Quoted {

    private static final int LONGEST = 100;

    private Quoted() {}

    /** Returns {@code 'name'}; a long name is cut. */
    public static String of(String name) {
        return "'" + cut(name) + "'";
    }

    /** Returns the text; a long one is cut and ends with dots. */
    public static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
