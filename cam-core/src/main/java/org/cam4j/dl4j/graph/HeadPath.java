package org.cam4j.dl4j.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * What lies between a classifier's logits and its poolings, found by walking from the logits towards the input.
 *
 * <p>Refuses what can be told to be no linear function by its kind; {@link HeadFold} refuses the rest.
 *
 * @param vertices from the logits down, without the poolings
 * @param poolings where the walk ends, nearest to the logits first
 */
record HeadPath(Set<String> vertices, List<String> poolings) {

    static HeadPath of(ComputationGraphConfiguration configuration, String logits, KerasTerms terms) {
        return new Walk(configuration, logits, terms).walked();
    }

    /** A vertex to look at: the dense layer that reads it in the end, and whether a flattening came before. */
    private record Visit(String name, String reader, boolean isFlattened) {}

    private static final class Walk {

        private final ComputationGraphConfiguration configuration;
        private final String logits;
        private final KerasTerms terms;
        private final Deque<Visit> open = new ArrayDeque<>();
        private final Set<String> vertices = new LinkedHashSet<>();
        private final Set<String> poolings = new LinkedHashSet<>();

        Walk(ComputationGraphConfiguration configuration, String logits, KerasTerms terms) {
            this.configuration = configuration;
            this.logits = logits;
            this.terms = terms;
        }

        HeadPath walked() {
            Set<String> seen = new HashSet<>();
            open.add(new Visit(logits, logits, false));
            while (!open.isEmpty()) {
                Visit visit = open.remove();
                if (seen.add(visit.name)) {
                    look(visit);
                }
            }
            return new HeadPath(vertices, List.copyOf(poolings));
        }

        private void look(Visit visit) {
            GraphVertex vertex = configuration.getVertices().get(visit.name);
            Layer layer = Vertices.layer(vertex);
            if (layer instanceof GlobalPoolingLayer || layer instanceof SubsamplingLayer) {
                requireAverage(visit, layer);
                poolings.add(visit.name);
                return;
            }
            boolean isHead = Vertices.isDense(layer);
            boolean isLinear = isHead ? isLinearDense(visit.name, layer) : mayBeLinear(vertex);
            if (!isLinear) {
                throw refusal(visit, layer);
            }
            vertices.add(visit.name);
            boolean flattens = Vertices.isFlattening(vertex) || (visit.isFlattened && !isHead);
            for (String input : configuration.getVertexInputs().get(visit.name)) {
                open.add(new Visit(input, isHead ? visit.name : visit.reader, flattens));
            }
        }

        private void requireAverage(Visit visit, Layer layer) {
            String kind = layer instanceof GlobalPoolingLayer global
                    ? global.getPoolingType().toString()
                    : ((SubsamplingLayer) layer).getPoolingType().toString();
            if (kind.equals(PoolingType.AVG.toString())) {
                return;
            }
            if (layer instanceof SubsamplingLayer && visit.isFlattened) {
                throw HeadRefusal.flattened(described(visit), visit.reader);
            }
            throw HeadRefusal.of(
                    "the pooling '" + visit.name + "' takes the " + (kind.equals("MAX") ? "maximum" : kind)
                            + " of each feature map, not the average",
                    "Put GlobalAveragePooling2D in its place and train the head again.");
        }

        /** Whether a vertex that is no dense layer may be linear: only a plan of it tells for vertices of one's own. */
        private static boolean mayBeLinear(GraphVertex vertex) {
            Layer layer = Vertices.layer(vertex);
            if (layer instanceof ActivationLayer activation) {
                return OutputActivation.of(activation.getActivationFn()) == OutputActivation.NONE;
            }
            if (vertex instanceof ElementWiseVertex combined) {
                return combined.getOp() != ElementWiseVertex.Op.Product && combined.getOp() != ElementWiseVertex.Op.Max;
            }
            return layer instanceof BatchNormalization
                    || layer instanceof DropoutLayer
                    || layer instanceof PlannedVertex
                    || vertex instanceof PlannedVertex
                    || vertex instanceof MergeVertex
                    || vertex instanceof ScaleVertex
                    || vertex instanceof ShiftVertex
                    || Vertices.isReshaping(vertex);
        }

        /** The activation of the logits' own layer was taken off. */
        private boolean isLinearDense(String name, Layer layer) {
            boolean isActivated = OutputActivation.of(((BaseLayer) layer).getActivationFn()) != OutputActivation.NONE;
            return (!isActivated || name.equals(logits))
                    && !(layer instanceof DenseLayer dense && dense.hasLayerNorm());
        }

        private UnsupportedModelException refusal(Visit visit, Layer layer) {
            if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
                return HeadRefusal.standsBetween("the layer normalisation of dense layer '" + visit.name + "'", logits);
            }
            if (Vertices.isDense(layer)) {
                FeedForwardLayer hidden = (FeedForwardLayer) layer;
                return HeadRefusal.of(
                        "dense layer '" + visit.name + "' (" + hidden.getNIn() + " -> " + hidden.getNOut()
                                + ") with the activation '" + KerasTerms.of(hidden.getActivationFn())
                                + "' stands between pooling and the output layer '" + visit.reader + "'",
                        "Remove the hidden layer, or its activation, and train the head again.");
            }
            if (visit.isFlattened && !isPooledBelow(visit.name)) {
                return HeadRefusal.flattened(described(visit), visit.reader);
            }
            if (visit.name.equals(logits)) {
                return HeadRefusal.of(
                        "the output comes from " + described(visit) + ", which is no classifying layer",
                        "Choose another output, or put GlobalAveragePooling2D and a Dense layer of the classes on it.");
            }
            return configuration.getVertices().containsKey(visit.name)
                    ? HeadRefusal.standsBetween(described(visit), visit.reader)
                    : HeadRefusal.of(
                            "a way from the output leads to " + described(visit) + " past every pooling",
                            "Put GlobalAveragePooling2D in this way too.");
        }

        /** Whether a straight way down leads to a global pooling: then what was flattened is a vector already. */
        private boolean isPooledBelow(String name) {
            String current = name;
            while (configuration.getVertices().containsKey(current)) {
                Layer layer = Vertices.layer(configuration.getVertices().get(current));
                List<String> inputs = configuration.getVertexInputs().get(current);
                if (layer instanceof GlobalPoolingLayer || inputs.size() != 1 || layer instanceof ConvolutionLayer) {
                    return layer instanceof GlobalPoolingLayer;
                }
                current = inputs.get(0);
            }
            return false;
        }

        private String described(Visit visit) {
            return terms.of(visit.name);
        }
    }
}
