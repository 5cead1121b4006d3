package org.cam4j.dl4j.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;

/** Inspects vertices of a graph's configuration, below the wrappers of frozen layers. */
final class Vertices {

    private Vertices() {}

    /** Returns the layer's configuration; null if the vertex is no layer or does not exist. */
    static Layer layer(GraphVertex vertex) {
        GraphVertex inner = vertex instanceof FrozenVertex frozen ? frozen.getUnderlying() : vertex;
        if (!(inner instanceof LayerVertex layerVertex)) {
            return null;
        }
        Layer layer = layerVertex.getLayerConf().getLayer();
        if (layer instanceof FrozenLayer frozen) {
            return frozen.getLayer();
        }
        return layer instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying() : layer;
    }

    /** Whether a layer is a dense layer on vectors. */
    static boolean isDense(Layer layer) {
        return layer instanceof DenseLayer || layer instanceof OutputLayer;
    }

    /** Whether a vertex only reshapes. */
    static boolean isReshaping(GraphVertex vertex) {
        return vertex instanceof PreprocessorVertex || vertex instanceof ReshapeVertex;
    }

    /** Returns the vertices and all that they are computed from, inputs included. */
    static Set<String> ancestors(Map<String, List<String>> inputs, List<String> names) {
        Set<String> found = new HashSet<>();
        List<String> open = new ArrayList<>(names);
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            if (found.add(name) && inputs.containsKey(name)) {
                open.addAll(inputs.get(name));
            }
        }
        return found;
    }
}
