package org.cam4j.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** How many tasks this executor runs at the same time. */
final class TaskCores {

    private static final Pattern LOCAL = Pattern.compile("local(?:\\[\\s*(\\d+|\\*)\\s*(?:,\\s*\\d+\\s*)?])?");

    /** How Spark starts executors everywhere but in {@code local} mode. */
    private static final Pattern OPTION = Pattern.compile(" --cores (\\d+)(?: |$)");

    private TaskCores() {}

    /** Returns the number of tasks; at least 1. */
    static int tasks() {
        SparkEnv spark = SparkEnv.get();
        int cores = cores(
                spark.conf().get("spark.master", ""),
                System.getProperty("sun.java.command", ""),
                spark.conf().getInt("spark.executor.cores", 0),
                Runtime.getRuntime().availableProcessors());
        TaskContext task = TaskContext.get();
        return Math.max(1, cores / (task == null ? 1 : Math.max(1, task.cpus())));
    }

    /**
     * The cores that Spark fills with tasks: in {@code local} mode what the master says; otherwise what the executor was started with. A
     * standalone cluster's executor has all cores of its worker unless the configuration says otherwise.
     *
     * @param configured {@code spark.executor.cores}; 0 if it is not set
     */
    static int cores(String master, String command, int configured, int processors) {
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return number(local.group(1) == null ? "1" : local.group(1)).orElse(processors);
        }
        Matcher option = OPTION.matcher(command);
        if (option.find()) {
            return number(option.group(1)).orElse(processors);
        }
        return configured > 0 ? configured : processors;
    }

    private static Optional<Integer> number(String text) {
        return text.equals("*") ? Optional.empty() : Optional.of(Integer.parseInt(text));
    }
}
