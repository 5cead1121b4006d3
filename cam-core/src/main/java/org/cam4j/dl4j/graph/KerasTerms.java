package org.cam4j.dl4j.graph;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.IActivation;

/** Keras' names of a graph's layers, for messages: {@code Add 'add'}. */
public final class KerasTerms {

    /** Prefix of cam4j's own layers, which are not Keras classes. */
    private static final String OURS = "cam4j:";

    /** Ordered from special to general classes. */
    private static final List<Map.Entry<Class<?>, String>> CLASSES = List.of(
            Map.entry(DepthwiseConvolution2D.class, "DepthwiseConv2D"),
            Map.entry(SeparableConvolution2D.class, "SeparableConv2D"),
            Map.entry(Deconvolution2D.class, "Conv2DTranspose"),
            Map.entry(ConvolutionLayer.class, "Conv2D"),
            Map.entry(DenseLayer.class, "Dense"),
            Map.entry(LossLayer.class, "Activation"),
            Map.entry(BaseOutputLayer.class, "Dense"),
            Map.entry(BatchNormalization.class, "BatchNormalization"),
            Map.entry(DropoutLayer.class, "Dropout"),
            Map.entry(PReLULayer.class, "PReLU"),
            Map.entry(ZeroPaddingLayer.class, "ZeroPadding2D"),
            Map.entry(Cropping2D.class, "Cropping2D"),
            Map.entry(Upsampling2D.class, "UpSampling2D"),
            Map.entry(MergeVertex.class, "Concatenate"),
            Map.entry(ScaleVertex.class, "Rescaling"),
            Map.entry(ShiftVertex.class, "Rescaling"),
            Map.entry(ReshapeVertex.class, "Reshape"),
            Map.entry(PreprocessorVertex.class, "Flatten"),
            Map.entry(L2NormalizeVertex.class, "UnitNormalization"));

    private final ComputationGraphConfiguration configuration;
    private final KnownLayers known;

    KerasTerms(ComputationGraphConfiguration configuration, KnownLayers known) {
        this.configuration = configuration;
        this.known = known;
    }

    /** Returns class and name of a vertex: {@code Activation (relu) 'act'}, {@code the input 'image'}. */
    String of(String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        return vertex == null ? "the input '" + name + "'" : className(vertex, name) + " '" + name + "'";
    }

    /**
     * Returns class and name of a vertex if only the configuration is known.
     *
     * @param configuration a graph's configuration; not modified
     * @param name a vertex or an input
     * @return such as {@code Dense 'fc1'}
     */
    public static String of(ComputationGraphConfiguration configuration, String name) {
        return new KerasTerms(configuration, KnownLayers.NONE).of(name);
    }

    private String className(GraphVertex vertex, String name) {
        String inFile = known.classes().getOrDefault(name, OURS);
        return inFile.startsWith(OURS) || Vertices.layer(vertex) instanceof ActivationLayer ? of(vertex) : inFile;
    }

    private static String of(GraphVertex vertex) {
        Layer layer = Vertices.layer(vertex);
        Object inner = layer == null ? vertex : layer;
        if (inner instanceof ActivationLayer activation) {
            return "Activation (" + of(activation.getActivationFn()) + ")";
        }
        if (inner instanceof GlobalPoolingLayer pooling) {
            return pooling.getPoolingType() == PoolingType.MAX ? "GlobalMaxPooling2D" : "GlobalAveragePooling2D";
        }
        if (inner instanceof SubsamplingLayer pooling) {
            return pooling.getPoolingType().toString().equals("MAX") ? "MaxPooling2D" : "AveragePooling2D";
        }
        if (inner instanceof ElementWiseVertex combined) {
            return switch (combined.getOp()) {
                case Add -> "Add";
                case Subtract -> "Subtract";
                case Product -> "Multiply";
                case Average -> "Average";
                case Max -> "Maximum";
            };
        }
        if (inner instanceof PlannedVertex planned) {
            return planned.kerasClass();
        }
        return CLASSES.stream()
                .filter(entry -> entry.getKey().isInstance(inner))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> inner.getClass().getSimpleName());
    }

    /** Returns Keras' name of an activation function. */
    static String of(IActivation function) {
        String name = function.toString();
        int settings = name.indexOf('(');
        return settings < 0 ? name : name.substring(0, settings);
    }
}
