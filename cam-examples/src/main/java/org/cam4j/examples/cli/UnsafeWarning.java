package org.cam4j.examples.cli;

import java.lang.reflect.Field;

/**
 * Java's warning that a library calls {@code sun.misc.Unsafe}, from Java 24 on: JavaCPP does, and the user of a program can do nothing
 * about it. Java's own switch, {@code --sun-misc-unsafe-memory-access=allow}, cannot be in a jar's manifest, and Java 17 refuses to
 * start with it.
 */
final class UnsafeWarning {

    private static final int FIRST_JAVA_THAT_WARNS = 24;

    private UnsafeWarning() {}

    /** Notes that the warning has been printed, in the module's own mark, which it opens to all. */
    static void silence() {
        if (Runtime.version().feature() < FIRST_JAVA_THAT_WARNS) {
            return;
        }
        try {
            Field isPrinted = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            isPrinted.setAccessible(true);
            isPrinted.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another Java: it prints its four lines.
            return;
        }
    }
}
