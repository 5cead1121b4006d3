package org.cam4j.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.TaskCompletionListener;
import scala.Function1;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The SQL function's value for a row: the struct of its photo.
 *
 * <p>Not deterministic, because of the time in the struct, and so that Spark does not explain a photo once for each field that a query
 * reads.
 */
final class ExplainExpression extends Expression implements CodegenFallback, Serializable {

    private final Expression photo;
    private final PartitionExplainer explainer;
    private final PhotoColumn column;

    /** The executor's mapper, until the task ends. */
    private transient ExecutorMappers.Lease lease;

    /** Of structs to Spark's own form. */
    private transient Function1<Object, Object> converter;

    ExplainExpression(Expression photo, PartitionExplainer explainer, PhotoColumn column) {
        this.photo = photo;
        this.explainer = explainer;
        this.column = column;
    }

    @Override
    public Seq<Expression> children() {
        return CollectionConverters.asScala(List.of(photo)).toSeq();
    }

    @Override
    public ExplainExpression withNewChildrenInternal(IndexedSeq<Expression> others) {
        return new ExplainExpression(others.apply(0), explainer, column);
    }

    @Override
    public DataType dataType() {
        return ExplanationRow.SCHEMA;
    }

    @Override
    public boolean deterministic() {
        return false;
    }

    /** Null for no photo, and for photos that are skipped. */
    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public String prettyName() {
        return CamExtensions.FUNCTION;
    }

    @Override
    public Object eval(InternalRow input) {
        Object value = photo.eval(input);
        return value == null ? null : explained(value);
    }

    private Object explained(Object value) {
        Row row = RowFactory.create(CatalystTypeConverters.convertToScala(value, photo.dataType()));
        CamSettings settings = explainer.settings();
        ExecutorMappers.Lease own = lease();
        ExplainedPhotos<Row, Row> explained = new ExplainedPhotos<>(
                List.of(row).iterator(),
                new PhotoBatches.Reading<>(
                        column::name, (from, name, reader) -> column.photo(from, name, reader, settings.maxPixels())),
                (from, explanation) -> explanation,
                own.mapper(),
                settings,
                explainer.progress());
        return explained.hasNext() ? converter().apply(explained.next()) : null;
    }

    private Function1<Object, Object> converter() {
        if (converter == null) {
            converter = CatalystTypeConverters.createToCatalystConverter(ExplanationRow.SCHEMA);
        }
        return converter;
    }

    private ExecutorMappers.Lease lease() {
        if (lease == null) {
            ExecutorMappers.Lease own = explainer.lease();
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) ended -> own.close());
            explainer.progress().countPartition();
            lease = own;
        }
        return lease;
    }

    /** Generated code calls {@link #eval}. */
    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int index) {
        return List.of(photo, explainer, column).get(index);
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ExplainExpression;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExplainExpression that
                && photo.equals(that.photo)
                && explainer.model().equals(that.explainer.model())
                && explainer.settings().equals(that.explainer.settings());
    }

    @Override
    public int hashCode() {
        return Objects.hash(photo, explainer.model(), explainer.settings());
    }
}
