package org.cam4j.spark;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Adds the struct of its photo to each row of a partition. */
final class RowFunction implements MapPartitionsFunction<Row, Row> {

    private final PartitionExplainer explainer;
    private final PhotoColumn column;

    RowFunction(PartitionExplainer explainer, PhotoColumn column) {
        this.explainer = explainer;
        this.column = column;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        long maxPixels = explainer.settings().maxPixels();
        return explainer.explained(
                rows,
                new PhotoBatches.Reading<>(
                        column::name, (row, name, reader) -> column.photo(row, name, reader, maxPixels)),
                RowFunction::joined);
    }

    private static Row joined(Row row, Row explanation) {
        Object[] values = new Object[row.size() + 1];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        values[row.size()] = explanation;
        return RowFactory.create(values);
    }
}
