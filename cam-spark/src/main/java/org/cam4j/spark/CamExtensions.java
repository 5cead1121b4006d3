package org.cam4j.spark;

import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.cam4j.exception.Quoted;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds the SQL function {@code cam4j_explain}, if Spark's setting {@code spark.sql.extensions} names this class.
 *
 * <pre>{@code
 * SET spark.cam4j.modelFile = animals.cam4j;
 * SELECT path, explanation.predictions[0].label FROM (SELECT path, cam4j_explain(content) AS explanation FROM photos)
 * }</pre>
 *
 * <p>The function takes what {@link CamTransformer}'s input column may hold, and returns its struct; null for null. The parameters are those
 * of {@link CamTransformer} with {@code spark.cam4j.} before their names; {@code classes} are separated by vertical bars. They are read when the
 * query is analysed.
 */
public final class CamExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

    /** The function's name. */
    static final String FUNCTION = "cam4j_explain";

    private static final String PREFIX = "spark.cam4j.";

    /** Creates the extension; Spark does. */
    public CamExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectFunction(new Tuple3<>(
                new FunctionIdentifier(FUNCTION),
                new ExpressionInfo(
                        ExplainExpression.class.getName(),
                        null,
                        FUNCTION,
                        "_FUNC_(photo) - Predictions, class activation maps, boxes and checks of a photo.",
                        "",
                        "",
                        "",
                        "misc_funcs",
                        "",
                        "",
                        "scala_udf"),
                CamExtensions::expression));
        return BoxedUnit.UNIT;
    }

    private static Expression expression(Seq<Expression> arguments) {
        List<Expression> photos = CollectionConverters.asJava(arguments);
        if (photos.size() != 1) {
            throw new IllegalArgumentException(
                    FUNCTION + " has " + photos.size() + " arguments: give it one, the photo.");
        }
        SparkSession spark = SparkSession.active();
        CamTransformer transformer = configured(spark);
        PhotoColumn column = PhotoColumn.of(
                PhotoColumn.kind(FUNCTION, photos.get(0).dataType()),
                spark.sparkContext().hadoopConfiguration());
        return new ExplainExpression(photos.get(0), transformer.explainer(spark), column);
    }

    private static CamTransformer configured(SparkSession spark) {
        CamTransformer transformer = new CamTransformer();
        for (Param<?> param : transformer.params()) {
            String value = spark.conf().get(PREFIX + param.name(), null);
            if (value != null) {
                transformer.set(param.name(), parsed(param, value));
            }
        }
        return transformer;
    }

    private static Object parsed(Param<?> param, String value) {
        try {
            if (param instanceof IntParam) {
                return Integer.valueOf(value);
            }
            if (param instanceof LongParam) {
                return Long.valueOf(value);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    PREFIX + param.name() + " is " + Quoted.of(value) + ": it must be a whole number.", e);
        }
        if (param instanceof BooleanParam) {
            return Boolean.valueOf(value);
        }
        return param instanceof StringArrayParam ? value.split("\\|") : value;
    }
}
