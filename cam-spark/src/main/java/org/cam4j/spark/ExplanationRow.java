package org.cam4j.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.MapWarning;
import scala.collection.immutable.ArraySeq;
import scala.jdk.javaapi.CollectionConverters;

/** The struct of a photo in the output column. */
final class ExplanationRow {

    private static final StructField INDEX = field("index", DataTypes.IntegerType);

    private static final ArrayType PREDICTIONS = arrayOf(
            INDEX,
            field("label", DataTypes.StringType),
            field("probability", DataTypes.DoubleType),
            field("logit", DataTypes.DoubleType));

    private static final ArrayType MAPS = arrayOf(
            INDEX,
            field("height", DataTypes.IntegerType),
            field("width", DataTypes.IntegerType),
            field("minimum", DataTypes.FloatType),
            field("maximum", DataTypes.FloatType),
            DataTypes.createStructField("values", DataTypes.createArrayType(DataTypes.FloatType, false), true),
            DataTypes.createStructField("picture", DataTypes.BinaryType, true));

    private static final ArrayType BOXES = arrayOf(
            INDEX,
            field("x0", DataTypes.IntegerType),
            field("y0", DataTypes.IntegerType),
            field("x1", DataTypes.IntegerType),
            field("y1", DataTypes.IntegerType));

    private static final ArrayType CHECKS = arrayOf(INDEX, field("warning", DataTypes.StringType));

    /** The struct's type. */
    static final StructType SCHEMA = DataTypes.createStructType(List.of(
            field("predictions", PREDICTIONS),
            field("maps", MAPS),
            field("boxes", BOXES),
            field("checks", CHECKS),
            DataTypes.createStructField("error", DataTypes.StringType, true),
            field("milliseconds", DataTypes.DoubleType)));

    private ExplanationRow() {}

    private static StructField field(String name, DataType type) {
        return DataTypes.createStructField(name, type, false);
    }

    private static ArrayType arrayOf(StructField... fields) {
        return DataTypes.createArrayType(DataTypes.createStructType(fields), false);
    }

    /** The struct of a photo that cannot be explained. */
    static Row failed(String error, double milliseconds) {
        return row(List.of(), List.of(), List.of(), List.of(), error, milliseconds);
    }

    private static Row row(
            List<Row> predictions,
            List<Row> maps,
            List<Row> boxes,
            List<Row> checks,
            String error,
            double milliseconds) {
        return RowFactory.create(
                sequence(predictions), sequence(maps), sequence(boxes), sequence(checks), error, milliseconds);
    }

    private static Object sequence(List<?> values) {
        return CollectionConverters.asScala(values).toSeq();
    }

    /** The parts of a struct whose time is not known yet. */
    record Explained(List<Row> predictions, List<Row> maps, List<Row> boxes, List<Row> checks) {

        Row row(double milliseconds) {
            return ExplanationRow.row(predictions, maps, boxes, checks, null, milliseconds);
        }
    }

    /**
     * Explains classes of a photo.
     *
     * @param classes in the order of the output
     * @throws org.cam4j.exception.PhotoException if a map is not finite
     */
    static Explained of(Explanation explanation, int[] classes, CamSettings settings) {
        List<Row> maps = new ArrayList<>();
        List<Row> boxes = new ArrayList<>();
        List<Row> checks = new ArrayList<>();
        for (int index : settings.needsMaps() ? classes : new int[0]) {
            ActivationMap map = explanation.map(index, settings.explanationMethod());
            List<BoundingBox> found = settings.boxRule().boxes(map);
            for (BoundingBox box : found) {
                boxes.add(RowFactory.create(index, box.x0(), box.y0(), box.x1(), box.y1()));
            }
            if (settings.checks()) {
                for (MapWarning warning : MapCheck.of(map).warnings()) {
                    checks.add(RowFactory.create(index, warning.name()));
                }
            }
            if (settings.mapFormat() != MapFormat.NONE) {
                maps.add(map(index, map, settings.mapFormat().picture(explanation, map, found), settings));
            }
        }
        return new Explained(
                IntStream.of(classes)
                        .mapToObj(index -> prediction(explanation.prediction(index)))
                        .toList(),
                maps,
                boxes,
                checks);
    }

    private static Row prediction(Prediction prediction) {
        return RowFactory.create(prediction.index(), prediction.label(), prediction.probability(), prediction.logit());
    }

    private static Row map(int index, ActivationMap map, byte[] picture, CamSettings settings) {
        return RowFactory.create(
                index,
                map.height(),
                map.width(),
                map.min(),
                map.max(),
                settings.mapFormat() == MapFormat.RAW ? ArraySeq.unsafeWrapArray(map.toArray()) : null,
                picture);
    }
}
