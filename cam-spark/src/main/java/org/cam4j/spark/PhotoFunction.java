package org.cam4j.spark;

import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Explains the photos of a partition, for {@code mapPartitions} of an application's own collections.
 *
 * <pre>{@code
 * PhotoFunction explain = new CamTransformer().setModelFile("animals.cam4j").photoFunction(spark);
 * JavaRDD<Row> explained = photos.mapPartitions(explain);
 * }</pre>
 *
 * <p>The rows have the fields of {@link CamTransformer}'s output column, in the photos' order.
 */
public final class PhotoFunction
        implements FlatMapFunction<Iterator<NamedPhoto>, Row>, MapPartitionsFunction<NamedPhoto, Row> {

    private final PartitionExplainer explainer;

    PhotoFunction(PartitionExplainer explainer) {
        this.explainer = explainer;
    }

    /**
     * Returns the type of the rows.
     *
     * @return the type of {@link CamTransformer}'s output column
     */
    public StructType schema() {
        return ExplanationRow.SCHEMA;
    }

    @Override
    public Iterator<Row> call(Iterator<NamedPhoto> photos) {
        return explainer.explained(
                photos,
                new PhotoBatches.Reading<>(
                        NamedPhoto::name, (photo, name, reader) -> reader.decode(photo.content(), name)),
                (photo, explanation) -> explanation);
    }
}
