package org.cam4j.process;

import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loggers of libraries that write a line at INFO for each object of a file and each setting: 376 lines for one Keras file. Where
 * they would write at INFO only because everything does, they begin at WARN. A level that the application sets for them, and DEBUG
 * everywhere, stay what they are.
 */
public final class QuietLibraries {

    private static final List<String> NAMES = List.of("io.jhdf", "org.nd4j", "org.deeplearning4j");

    private static final String SIMPLE = "org.slf4j.simpleLogger.log.";

    private static boolean isDone;

    private QuietLibraries() {}

    /**
     * Raises the loggers' level once per process, for Logback and SLF4J's simple logger; others are configured by the application. Call
     * before the libraries' first class is loaded: simple loggers never change their level.
     */
    public static synchronized void begin() {
        if (isDone) {
            return;
        }
        isDone = true;
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        for (String name : NAMES) {
            if (factory.getClass().getName().startsWith("org.slf4j.simple.")) {
                quietSimple(name);
            } else if (factory.getClass().getName().startsWith("ch.qos.logback.")) {
                quietLogback(LoggerFactory.getLogger(name));
            }
        }
    }

    private static boolean isAtInfo(Logger logger) {
        return logger.isInfoEnabled() && !logger.isDebugEnabled();
    }

    private static void quietSimple(String name) {
        if (System.getProperty(SIMPLE + name) == null && isAtInfo(LoggerFactory.getLogger(name))) {
            System.setProperty(SIMPLE + name, "warn");
        }
    }

    /** By reflection: Logback is the application's choice. */
    private static void quietLogback(Logger logger) {
        try {
            Class<?> type = logger.getClass();
            if (isAtInfo(logger) && type.getMethod("getLevel").invoke(logger) == null) {
                Class<?> level = type.getMethod("getLevel").getReturnType();
                type.getMethod("setLevel", level)
                        .invoke(logger, level.getField("WARN").get(null));
            }
        } catch (ReflectiveOperationException e) {
            logger.debug("Logback's levels cannot be set", e);
        }
    }
}
