package org.cam4j.spark;

import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;

/**
 * The parameters of {@link CamTransformer}. Values are checked together when photos are to be explained.
 *
 * @param <T> the transformer, which setters return
 */
public abstract class CamParams<T extends CamParams<T>> extends Transformer implements DefaultParamsWritable {

    private static final int PIXELS = 100_000_000;

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> nameCol;
    private final Param<String> modelFile;
    private final IntParam topK;
    private final StringArrayParam classes;
    private final Param<String> method;
    private final Param<String> layer;
    private final Param<String> boxRule;
    private final Param<String> mapFormat;
    private final BooleanParam checks;
    private final IntParam batchSize;
    private final IntParam threadsPerTask;
    private final LongParam maxPixels;
    private final Param<String> handleInvalid;

    CamParams(String uid) {
        this.uid = uid;
        inputCol = text("inputCol", "column of photos: bytes, image structs or paths", "content");
        outputCol = text("outputCol", "column of structs that is added", "explanation");
        nameCol = text("nameCol", "column of the photos' names in messages, if there is one", "path");
        modelFile = new Param<>(this, "modelFile", "prepared model, ONNX file or Keras file");
        topK = new IntParam(this, "topK", "how many of the best classes are explained");
        setDefault(topK, 1);
        classes = new StringArrayParam(this, "classes", "classes to explain instead of the best, by name or index");
        setDefault(classes, new String[0]);
        method = text("method", "what makes the maps: cam, grad-cam, ...", "cam");
        layer = text("layer", "layer to explain by; empty for the network's last one with cells", "");
        boxRule = text("boxRule", "none, paper, relative:FRACTION, min-max:FRACTION or multi-threshold", "paper");
        mapFormat = text("mapFormat", "none, raw, png8 or overlay", "raw");
        checks = new BooleanParam(this, "checks", "whether maps are checked");
        setDefault(checks, true);
        batchSize = new IntParam(this, "batchSize", "photos in one run of the network");
        setDefault(batchSize, 1);
        threadsPerTask = new IntParam(this, "threadsPerTask", "cores for each task that runs at the same time");
        setDefault(threadsPerTask, 1);
        maxPixels = new LongParam(this, "maxPixels", "largest width times height that is decoded");
        setDefault(maxPixels, (long) PIXELS);
        handleInvalid = text("handleInvalid", "error, skip or keep photos that cannot be explained", "error");
    }

    private Param<String> text(String name, String doc, String usual) {
        Param<String> param = new Param<>(this, name, doc);
        setDefault(param, usual);
        return param;
    }

    /** This, as the type that setters return. */
    @SuppressWarnings("unchecked")
    private <V> T with(Param<V> param, V value) {
        set(param, value);
        return (T) this;
    }

    @Override
    public String uid() {
        return uid;
    }

    /** Checks the values and puts them together. */
    CamSettings settings() {
        if (!isDefined(modelFile)) {
            throw new IllegalArgumentException(
                    "no model is set: give a prepared model, an ONNX file or a Keras file with" + " setModelFile.");
        }
        return new CamSettings(
                getTopK(),
                List.of(getClasses()),
                getMethod(),
                getLayer().isEmpty() ? List.of() : List.of(getLayer()),
                BoxRule.named(getBoxRule()),
                MapFormat.named(getMapFormat()),
                getChecks(),
                getBatchSize(),
                getThreadsPerTask(),
                getMaxPixels(),
                InvalidPhotos.named(getHandleInvalid()));
    }

    /** {@return the parameter of {@link #setInputCol}} */
    public Param<String> inputCol() {
        return inputCol;
    }

    /**
     * Sets the column of photos: encoded bytes, Spark's image structs, or paths that executors open. Defaults to {@code content}, as the
     * source {@code binaryFile} names it.
     *
     * @param value the new value
     * @return this
     */
    public T setInputCol(String value) {
        return with(inputCol, value);
    }

    /** {@return the value of {@link #setInputCol}} */
    public String getInputCol() {
        return getOrDefault(inputCol);
    }

    /** {@return the parameter of {@link #setOutputCol}} */
    public Param<String> outputCol() {
        return outputCol;
    }

    /**
     * Sets the column that is added. Defaults to {@code explanation}.
     *
     * @param value the new value
     * @return this
     */
    public T setOutputCol(String value) {
        return with(outputCol, value);
    }

    /** {@return the value of {@link #setOutputCol}} */
    public String getOutputCol() {
        return getOrDefault(outputCol);
    }

    /** {@return the parameter of {@link #setNameCol}} */
    public Param<String> nameCol() {
        return nameCol;
    }

    /**
     * Sets the column of the photos' names, which messages use; it need not exist. Defaults to {@code path}, as the source {@code
     * binaryFile} names it.
     *
     * @param value the new value
     * @return this
     */
    public T setNameCol(String value) {
        return with(nameCol, value);
    }

    /** {@return the value of {@link #setNameCol}} */
    public String getNameCol() {
        return getOrDefault(nameCol);
    }

    /** {@return the parameter of {@link #setModelFile}} */
    public Param<String> modelFile() {
        return modelFile;
    }

    /**
     * Sets a prepared model, ONNX file or Keras file: a path on the driver, an address, or the name of a file that {@code --files} ships.
     * It must be set. ONNX and Keras files are prepared on the driver, which needs their libraries.
     *
     * @param value the new value
     * @return this
     */
    public T setModelFile(String value) {
        return with(modelFile, value);
    }

    /** {@return the value of {@link #setModelFile}} */
    public String getModelFile() {
        return getOrDefault(modelFile);
    }

    /** {@return the parameter of {@link #setTopK}} */
    public IntParam topK() {
        return topK;
    }

    /**
     * Sets how many of the best classes are explained if none are named. Defaults to 1.
     *
     * @param value the new value
     * @return this
     */
    public T setTopK(int value) {
        return with(topK, value);
    }

    /** {@return the value of {@link #setTopK}} */
    public int getTopK() {
        return (int) getOrDefault(topK);
    }

    /** {@return the parameter of {@link #setClasses}} */
    public StringArrayParam classes() {
        return classes;
    }

    /**
     * Sets the classes to explain, by name or by index. Defaults to the best ones.
     *
     * @param value the new value
     * @return this
     */
    public T setClasses(String[] value) {
        return with(classes, value.clone());
    }

    /** {@return the value of {@link #setClasses}} */
    public String[] getClasses() {
        return getOrDefault(classes);
    }

    /** {@return the parameter of {@link #setMethod}} */
    public Param<String> method() {
        return method;
    }

    /**
     * Sets the method of the maps, for example {@code grad-cam}; see {@link org.cam4j.explain.Methods#names()}. Defaults to {@code cam}.
     *
     * @param value the new value
     * @return this
     */
    public T setMethod(String value) {
        return with(method, value);
    }

    /** {@return the value of {@link #setMethod}} */
    public String getMethod() {
        return getOrDefault(method);
    }

    /** {@return the parameter of {@link #setLayer}} */
    public Param<String> layer() {
        return layer;
    }

    /**
     * Sets the layer to explain by. Defaults to the network's own target layer, for which the name is empty.
     *
     * @param value the new value
     * @return this
     */
    public T setLayer(String value) {
        return with(layer, value);
    }

    /** {@return the value of {@link #setLayer}} */
    public String getLayer() {
        return getOrDefault(layer);
    }

    /** {@return the parameter of {@link #setBoxRule}} */
    public Param<String> boxRule() {
        return boxRule;
    }

    /**
     * Sets which boxes are found: {@code none}, {@code paper}, {@code relative:0.35}, {@code min-max:0.5} or {@code multi-threshold}.
     * Defaults to {@code paper}. The fractions are examples; see {@link org.cam4j.localization.Localizer}.
     *
     * @param value the new value
     * @return this
     */
    public T setBoxRule(String value) {
        return with(boxRule, value);
    }

    /** {@return the value of {@link #setBoxRule}} */
    public String getBoxRule() {
        return getOrDefault(boxRule);
    }

    /** {@return the parameter of {@link #setMapFormat}} */
    public Param<String> mapFormat() {
        return mapFormat;
    }

    /**
     * Sets how maps are stored: {@code none}, {@code raw}, {@code png8} or {@code overlay}; see {@link MapFormat}. Defaults to {@code raw}.
     *
     * @param value the new value
     * @return this
     */
    public T setMapFormat(String value) {
        return with(mapFormat, value);
    }

    /** {@return the value of {@link #setMapFormat}} */
    public String getMapFormat() {
        return getOrDefault(mapFormat);
    }

    /** {@return the parameter of {@link #setChecks}} */
    public BooleanParam checks() {
        return checks;
    }

    /**
     * Sets whether maps are checked; see {@link org.cam4j.localization.MapWarning}. Defaults to true.
     *
     * @param value the new value
     * @return this
     */
    public T setChecks(boolean value) {
        return with(checks, value);
    }

    /** {@return the value of {@link #setChecks}} */
    public boolean getChecks() {
        return (boolean) getOrDefault(checks);
    }

    /** {@return the parameter of {@link #setBatchSize}} */
    public IntParam batchSize() {
        return batchSize;
    }

    /**
     * Sets how many photos are in one run of the network. Defaults to 1. In large networks, batches round differently.
     *
     * @param value the new value
     * @return this
     */
    public T setBatchSize(int value) {
        return with(batchSize, value);
    }

    /** {@return the value of {@link #setBatchSize}} */
    public int getBatchSize() {
        return (int) getOrDefault(batchSize);
    }

    /** {@return the parameter of {@link #setThreadsPerTask}} */
    public IntParam threadsPerTask() {
        return threadsPerTask;
    }

    /**
     * Sets how many cores the network may use for each task that runs at the same time. Defaults to 1, because Spark gives each task one core.
     *
     * @param value the new value
     * @return this
     */
    public T setThreadsPerTask(int value) {
        return with(threadsPerTask, value);
    }

    /** {@return the value of {@link #setThreadsPerTask}} */
    public int getThreadsPerTask() {
        return (int) getOrDefault(threadsPerTask);
    }

    /** {@return the parameter of {@link #setMaxPixels}} */
    public LongParam maxPixels() {
        return maxPixels;
    }

    /**
     * Sets the largest width times height of a photo. Defaults to 100 million.
     *
     * @param value the new value
     * @return this
     */
    public T setMaxPixels(long value) {
        return with(maxPixels, value);
    }

    /** {@return the value of {@link #setMaxPixels}} */
    public long getMaxPixels() {
        return (long) getOrDefault(maxPixels);
    }

    /** {@return the parameter of {@link #setHandleInvalid}} */
    public Param<String> handleInvalid() {
        return handleInvalid;
    }

    /**
     * Sets what becomes of photos that cannot be explained: {@code error}, {@code skip} or {@code keep}; see {@link InvalidPhotos}.
     * Defaults to {@code error}.
     *
     * @param value the new value
     * @return this
     */
    public T setHandleInvalid(String value) {
        return with(handleInvalid, value);
    }

    /** {@return the value of {@link #setHandleInvalid}} */
    public String getHandleInvalid() {
        return getOrDefault(handleInvalid);
    }
}
