package org.cam4j.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts what executors do, in Spark's accumulators; its web page shows them for every stage.
 *
 * <p>As all accumulators of transformations, they count each run of a task: photos of tasks that are repeated, because an executor was
 * lost or a table is computed twice, count again.
 */
public final class CamProgress implements Serializable {

    private static final Map<SparkContext, CamProgress> OF = new WeakHashMap<>();

    private final LongAccumulator photos;
    private final LongAccumulator failures;
    private final LongAccumulator partitions;
    private final LongAccumulator mappers;
    private final DoubleAccumulator seconds;

    private CamProgress(SparkContext spark) {
        photos = spark.longAccumulator("cam4j photos");
        failures = spark.longAccumulator("cam4j failures");
        partitions = spark.longAccumulator("cam4j partitions");
        mappers = spark.longAccumulator("cam4j mappers");
        seconds = spark.doubleAccumulator("cam4j network seconds");
    }

    /**
     * Returns the counts of an application, on its driver.
     *
     * @param spark the application's context
     * @return always the same object for the same context
     */
    public static synchronized CamProgress of(SparkContext spark) {
        return OF.computeIfAbsent(spark, CamProgress::new);
    }

    /**
     * Returns the photos that were explained or refused.
     *
     * @return since the application began
     */
    public long photos() {
        return photos.value();
    }

    /**
     * Returns the photos that were refused, whatever became of their rows.
     *
     * @return since the application began
     */
    public long failures() {
        return failures.value();
    }

    /**
     * Returns the partitions. Many with few photos each waste time on tasks.
     *
     * @return since the application began
     */
    public long partitions() {
        return partitions.value();
    }

    /**
     * Returns how often an executor opened a model: once for each executor and model, as long as none is lost.
     *
     * @return since the application began
     */
    public long mappers() {
        return mappers.value();
    }

    /**
     * Returns the time in which photos were prepared for the network and ran through it, without decoding, maps and boxes, and including
     * the time in which a task waited for a core.
     *
     * @return seconds of all tasks together
     */
    public double networkSeconds() {
        return seconds.value();
    }

    void countPartition() {
        partitions.add(1);
    }

    void countPhoto(boolean failed) {
        photos.add(1);
        failures.add(failed ? 1 : 0);
    }

    void countMapper() {
        mappers.add(1);
    }

    void countNetwork(long nanoseconds) {
        seconds.add(nanoseconds / 1e9);
    }

    @Override
    public String toString() {
        return photos() + " photos, " + failures() + " failures, " + partitions() + " partitions, " + mappers()
                + " mappers, " + networkSeconds() + " network seconds";
    }
}
