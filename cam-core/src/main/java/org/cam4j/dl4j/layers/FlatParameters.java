package org.cam4j.dl4j.layers;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Places a layer's parameters one after the other in DL4J's flat array, row-major. */
final class FlatParameters implements ParamInitializer {

    /**
     * One parameter.
     *
     * @param shape its sizes
     * @param weight whether the regularization of weights applies; otherwise that of biases
     * @param initially the initial value in a graph that is not read from a file; null for random values
     */
    record Parameter(long[] shape, boolean weight, Double initially) {

        private long length() {
            long length = 1;
            for (long size : shape) {
                length *= size;
            }
            return length;
        }
    }

    private final Map<String, Parameter> parameters;
    private final double fanIn;
    private final double fanOut;

    /**
     * Creates an initializer.
     *
     * @param parameters by name, in the order of the flat array
     * @param fanIn inputs of one output, for random weights
     * @param fanOut outputs of one input
     */
    FlatParameters(Map<String, Parameter> parameters, double fanIn, double fanOut) {
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.fanIn = fanIn;
        this.fanOut = fanOut;
    }

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return parameters.values().stream().mapToLong(Parameter::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return List.copyOf(parameters.keySet());
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return keys(true);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return keys(false);
    }

    private List<String> keys(boolean weight) {
        return parameters.keySet().stream()
                .filter(key -> parameters.get(key).weight == weight)
                .toList();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return weightKeys(layer).contains(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return biasKeys(layer).contains(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray flat, boolean initialize) {
        Map<String, INDArray> views = views(flat);
        views.forEach((key, view) -> {
            configuration.addVariable(key);
            Parameter parameter = parameters.get(key);
            if (initialize && parameter.initially != null) {
                view.assign(parameter.initially);
            } else if (initialize) {
                org.deeplearning4j.nn.conf.layers.BaseLayer layer =
                        (org.deeplearning4j.nn.conf.layers.BaseLayer) configuration.getLayer();
                layer.getWeightInitFn().init(fanIn, fanOut, parameter.shape, 'c', view.reshape(view.length()));
            }
        });
        return views;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray flat) {
        return views(flat);
    }

    private Map<String, INDArray> views(INDArray flat) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        if (parameters.isEmpty()) {
            return views; // Without parameters DL4J passes no array.
        }
        INDArray all = flat.reshape(flat.length());
        long from = 0;
        for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
            Parameter parameter = entry.getValue();
            INDArray view = all.get(NDArrayIndex.interval(from, from + parameter.length()));
            views.put(entry.getKey(), view.reshape('c', parameter.shape));
            from += parameter.length();
        }
        return views;
    }

    /** {@code [gamma, beta]}. */
    @Override
    public String toString() {
        Collection<String> keys = parameters.keySet();
        return keys.toString();
    }
}
