package org.cam4j.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.cam4j.exception.Quoted;

/**
 * Explains a column of photos: adds a column with predictions, class activation maps, boxes and checks.
 *
 * <pre>{@code
 * Dataset<Row> explained = new CamTransformer()
 *         .setModelFile("animals.cam4j")
 *         .setInputCol("content")
 *         .setOutputCol("explanation")
 *         .transform(spark.read().format("binaryFile").load("photos/"));
 * }</pre>
 *
 * <p>The column is a struct: {@code predictions} (index, label, probability, logit), {@code maps} (index, height, width, minimum,
 * maximum, values, picture), {@code boxes} (index, x0, y0, x1, y1 in the photo's pixels), {@code checks} (index, warning), {@code error},
 * {@code milliseconds}. Maps, boxes and checks name their class by its index.
 *
 * <p>With {@code batchSize} 1, the default, numbers have the bits of {@link org.cam4j.ClassActivationMapper#explain} on the same kind of
 * processor. A repeated task gives the same numbers again, except for the time.
 */
public final class CamTransformer extends CamParams<CamTransformer> {

    /** Creates a transformer with a random identifier. */
    public CamTransformer() {
        this(Identifiable$.MODULE$.randomUID("cam4j"));
    }

    /**
     * Creates a transformer.
     *
     * @param uid its identifier in pipelines
     */
    public CamTransformer(String uid) {
        super(uid);
    }

    /**
     * Returns a reader of saved transformers; Spark's pipelines call it.
     *
     * @return the reader
     */
    public static MLReader<CamTransformer> read() {
        return new DefaultParamsReader<>();
    }

    /**
     * Reads a transformer that was saved with {@code save} or {@code write}. The model is not saved with it: {@code modelFile} must exist
     * where {@link #transform} runs.
     *
     * @param path the folder
     * @return the transformer
     * @throws IOException if it cannot be read
     */
    public static CamTransformer load(String path) throws IOException {
        return read().load(path);
    }

    /**
     * Explains the photos of a table.
     *
     * @param dataset with the input column
     * @return its rows with one more column, in the same order; computed when Spark needs them
     * @throws IllegalArgumentException if a parameter or the input column does not fit
     * @throws org.cam4j.exception.CamException if the model cannot be opened, prepared or explained by the method
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        Dataset<Row> rows = dataset.toDF();
        StructType output = transformSchema(rows.schema());
        SparkSession spark = rows.sparkSession();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        PhotoColumn column = PhotoColumn.of(rows.schema(), getInputCol(), getNameCol(), hadoop);
        return rows.mapPartitions(new RowFunction(explainer(spark), column), Encoders.row(output));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        List<String> columns = Arrays.asList(schema.fieldNames());
        if (!columns.contains(getInputCol())) {
            throw new IllegalArgumentException("there is no column " + Quoted.of(getInputCol()) + " among "
                    + String.join(", ", columns) + ": name the photos' column with setInputCol.");
        }
        PhotoColumn.kind(getInputCol(), schema.apply(getInputCol()).dataType());
        if (columns.contains(getOutputCol())) {
            throw new IllegalArgumentException("the table has a column " + Quoted.of(getOutputCol())
                    + " already: name another one with setOutputCol.");
        }
        settings();
        return schema.add(getOutputCol(), ExplanationRow.SCHEMA, false);
    }

    /**
     * Returns a plain function with the same settings, for collections other than tables. {@code inputCol}, {@code outputCol} and
     * {@code nameCol} play no part.
     *
     * @param spark the application's session
     * @return a serializable function
     */
    public PhotoFunction photoFunction(SparkSession spark) {
        return new PhotoFunction(explainer(spark));
    }

    /** Ships the model, and puts together what tasks carry. */
    PartitionExplainer explainer(SparkSession spark) {
        CamSettings settings = settings();
        ShippedModel model = ModelShipment.ship(spark.sparkContext(), getModelFile());
        ModelTrial.run(model, settings);
        return new PartitionExplainer(model, settings, CamProgress.of(spark.sparkContext()));
    }

    @Override
    public CamTransformer copy(ParamMap extra) {
        return defaultCopy(extra);
    }
}
