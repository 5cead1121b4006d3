package org.cam4j.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.function.BiFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * What tasks carry: which model, and what to do with each photo.
 *
 * @param model on every executor
 * @param settings for each photo
 * @param progress counts photos
 */
record PartitionExplainer(ShippedModel model, CamSettings settings, CamProgress progress) implements Serializable {

    /** Explains a partition's photos with the executor's mapper, which is the task's until it ends. */
    <P, R> Iterator<R> explained(Iterator<P> photos, PhotoBatches.Reading<P> reading, BiFunction<P, Row, R> output) {
        ExecutorMappers.Lease lease = lease();
        TaskContext task = TaskContext.get();
        if (task != null) {
            task.addTaskCompletionListener((TaskCompletionListener) ended -> lease.close());
        }
        progress.countPartition();
        return new ExplainedPhotos<>(photos, reading, output, lease.mapper(), settings, progress);
    }

    /** Opens the executor's mapper, or joins those that use it. */
    ExecutorMappers.Lease lease() {
        return ExecutorMappers.lease(model, TaskCores.tasks() * settings.threadsPerTask(), progress::countMapper);
    }
}
