package org.cam4j.process;

import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The loggers of libraries that write a line for each object of a file and each setting: 376 lines at INFO for one Keras file, and jHDF a line at
 * WARN for each attribute that it wrote itself. Where they would write these only because everything does, they begin at the next level. A
 * level that the application sets for them, and DEBUG everywhere, stay what they are.
 */
public final class QuietLibraries {

    /** Files are checked by cam4j itself, which says what is wrong with them: jHDF's warnings add nothing. */
    private static final Map<String, Level> LEVELS =
            Map.of("io.jhdf", Level.ERROR, "org.nd4j", Level.WARN, "org.deeplearning4j", Level.WARN);

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
        LEVELS.forEach((name, level) -> {
            if (factory.getClass().getName().startsWith("org.slf4j.simple.")) {
                quietSimple(name, level);
            } else if (factory.getClass().getName().startsWith("ch.qos.logback.")) {
                quietLogback(LoggerFactory.getLogger(name), level);
            }
        });
    }

    /** Whether a logger writes below a level, other than at DEBUG, by which a fault is looked for. */
    private static boolean isBelow(Logger logger, Level level) {
        boolean writes = level == Level.ERROR ? logger.isWarnEnabled() : logger.isInfoEnabled();
        return writes && !logger.isDebugEnabled();
    }

    private static void quietSimple(String name, Level level) {
        if (System.getProperty(SIMPLE + name) == null && isBelow(LoggerFactory.getLogger(name), level)) {
            System.setProperty(SIMPLE + name, level.name());
        }
    }

    /** By reflection: Logback is the application's choice. */
    private static void quietLogback(Logger logger, Level level) {
        try {
            Class<?> type = logger.getClass();
            if (isBelow(logger, level) && type.getMethod("getLevel").invoke(logger) == null) {
                Class<?> levels = type.getMethod("getLevel").getReturnType();
                type.getMethod("setLevel", levels)
                        .invoke(logger, levels.getField(level.name()).get(null));
            }
        } catch (ReflectiveOperationException e) {
            logger.debug("Logback's levels cannot be set", e);
        }
    }
}
