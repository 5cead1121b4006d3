package org.cam4j.examples.cli;

/**
 * Makes names from files and file systems safe to print: escapes characters that would move a terminal's cursor, colour the text, begin a
 * new line or change the direction of writing.
 */
final class Printable {

    private Printable() {}

    /**
     * Returns a text on one line.
     *
     * @param text an untrusted text, such as a file's name or a label
     * @return the text with {@code \n}, {@code \x1b} or {@code \u202e} for each such character
     */
    static String of(Object text) {
        StringBuilder printable = new StringBuilder();
        String.valueOf(text).codePoints().forEach(point -> append(point, printable));
        return printable.toString();
    }

    private static void append(int point, StringBuilder printable) {
        switch (point) {
            case '\n' -> printable.append("\\n");
            case '\r' -> printable.append("\\r");
            case '\t' -> printable.append("\\t");
            default -> {
                if (Character.isISOControl(point)) {
                    printable.append(String.format("\\x%02x", point));
                } else if (changesTheLine(point)) {
                    printable.append(String.format("\\u%04x", point));
                } else {
                    printable.appendCodePoint(point);
                }
            }
        }
    }

    private static boolean changesTheLine(int point) {
        int type = Character.getType(point);
        return type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                // The direction of writing: marks, embeddings, overrides and isolates.
                || (point >= 0x200E && point <= 0x200F)
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }
}
