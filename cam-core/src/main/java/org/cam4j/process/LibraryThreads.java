package org.cam4j.process;

import java.util.List;

/**
 * Threads that libraries start and never end: JavaCPP's and ND4J's, which release native memory of objects that were collected. Each
 * keeps its class loader, and with it the whole application, in memory.
 */
public final class LibraryThreads {

    private static final List<String> LIBRARIES = List.of("org.bytedeco.javacpp.", "org.nd4j.");

    private static final long PATIENCE_MILLIS = 2000;

    private LibraryThreads() {}

    /**
     * Ends these threads, if their library was loaded by the class loader of this class. A library of a parent loader serves other
     * applications too and goes on.
     */
    public static void end() {
        List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                .filter(LibraryThreads::isOurs)
                .toList();
        ours.forEach(Thread::interrupt);
        try {
            for (Thread thread : ours) {
                thread.join(PATIENCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isOurs(Thread thread) {
        Class<?> type = thread.getClass();
        return type.getClassLoader() == LibraryThreads.class.getClassLoader()
                && LIBRARIES.stream().anyMatch(type.getName()::startsWith);
    }
}
