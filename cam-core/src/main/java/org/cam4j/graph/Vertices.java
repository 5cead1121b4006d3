package org.cam4j.graph;

import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;

/** What a vertex of a graph's configuration holds, below the wrappers of frozen layers. */
final class Vertices {

    private Vertices() {}

    /** The layer's configuration, or null for a vertex that is no layer or does not exist. */
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
}
