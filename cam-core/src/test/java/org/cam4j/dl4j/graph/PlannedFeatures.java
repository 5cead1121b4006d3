package org.cam4j.dl4j.graph;

import java.util.List;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Plans a graph up to a vertex, whether a class activation map of it exists or not. */
public final class PlannedFeatures {

    private PlannedFeatures() {}

    /** The plan of the vertex's activations with a head of one class that is always 0. */
    public static Planning of(ComputationGraph graph, String vertex, int channels, int height, int width) {
        String input = graph.getConfiguration().getNetworkInputs().get(0);
        GapClassifier classifier = new GapClassifier(
                graph,
                input,
                CNN2DFormat.NHWC,
                InputSide.find(graph.getConfiguration(), input, CNN2DFormat.NHWC, OptionalInt.empty())
                        .channels(),
                List.of(new PooledMap(vertex, vertex, channels)),
                CNN2DFormat.NHWC,
                List.of(vertex),
                vertex,
                vertex,
                OutputActivation.NONE,
                Nd4j.zeros(DataType.FLOAT, channels, 1),
                Nd4j.zeros(DataType.FLOAT, 1),
                KnownLayers.NONE);
        return GraphPlanner.plan(classifier, height, width);
    }
}
