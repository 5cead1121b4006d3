package org.cam4j.dl4j.graph;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.operation.ScaleShift;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Refuses weights that are NaN or infinite, or that give a batch normalization such factors. Engines rectify NaN to 0 but Keras keeps
 * NaN, so the scores would be finite and wrong.
 */
final class FiniteWeights {

    private FiniteWeights() {}

    /**
     * Checks all weights on which the given outputs depend.
     *
     * @param graph initialised; not modified
     * @param outputs names of vertices
     * @throws UnsupportedModelException naming the first layer with such weights
     */
    static void require(ComputationGraph graph, List<String> outputs) {
        // A sum keeps NaN and infinity and costs 5 ms for 20 million weights; it may also overflow, hence the
        // closer look.
        boolean areFinite = graph.numParams() == 0 || isFinite(graph.params());
        Set<String> needed = Vertices.ancestors(graph.getConfiguration().getVertexInputs(), outputs);
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            String layer = vertex.getVertexName();
            if (!needed.contains(layer) || vertex.numParams() == 0) {
                continue;
            }
            if (!areFinite) {
                vertex.paramTable(false).forEach((name, weights) -> require(layer, name, weights));
            }
            if (vertex.hasLayer() && vertex.getLayer().conf().getLayer() instanceof BatchNormalization normalization) {
                require(layer, BatchNormalizations.scaleShift(normalization, vertex.paramTable(false)));
            }
        }
    }

    /** Checks a batch normalization's factors: a variance below 0 is finite, but its square root is NaN. */
    private static void require(String layer, ScaleShift factors) {
        for (int channel = 0; channel < factors.scale().length; channel++) {
            if (!Float.isFinite(factors.scale()[channel]) || !Float.isFinite(factors.shift()[channel])) {
                throw new UnsupportedModelException("batch normalization " + Quoted.of(layer) + " multiplies channel "
                        + channel + " by " + factors.scale()[channel] + " and adds " + factors.shift()[channel]
                        + ": expected finite numbers, of a variance above 0. Its training diverged, or the file is damaged: take an"
                        + " earlier checkpoint.");
            }
        }
    }

    private static boolean isFinite(INDArray weights) {
        return Double.isFinite(weights.sumNumber().doubleValue());
    }

    private static void require(String layer, String name, INDArray weights) {
        if (isFinite(weights)) {
            return;
        }
        INDArray flat = weights.reshape(weights.length());
        long wrong = 0;
        double first = 0;
        for (long i = 0; i < flat.length(); i++) {
            double weight = flat.getDouble(i);
            if (!Double.isFinite(weight)) {
                first = wrong == 0 ? weight : first;
                wrong++;
            }
        }
        if (wrong > 0) {
            throw new UnsupportedModelException(String.format(
                    Locale.ROOT,
                    "layer %s has weights that are not finite, %,d of the %,d in '%s', %s the first: expected finite numbers. Its"
                            + " training diverged, or the file is damaged: take an earlier checkpoint.",
                    Quoted.of(layer),
                    wrong,
                    flat.length(),
                    name,
                    first));
        }
    }
}
