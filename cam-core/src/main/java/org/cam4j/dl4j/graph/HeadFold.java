package org.cam4j.dl4j.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Folds all that lies between poolings and logits into one affine function of the pooled features.
 *
 * <p>Dense layers are read here; everything else is planned, vertex by vertex, on vectors, and the plan's operations are
 * folded: a layer that a plan knows is a layer that a head may have.
 */
final class HeadFold {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final String logits;
    private final KnownLayers known;
    private final KerasTerms terms;
    private final CNN2DFormat format;
    private final Map<String, PooledAffine> values = new HashMap<>();

    /**
     * Starts at the poolings.
     *
     * @param pooled the map that each pooling reads
     * @param format of all maps
     * @param known what the file tells
     */
    HeadFold(ComputationGraph graph, String logits, Map<String, String> pooled, CNN2DFormat format, KnownLayers known) {
        this.graph = graph;
        this.configuration = graph.getConfiguration();
        this.logits = logits;
        this.format = format;
        this.known = known;
        this.terms = new KerasTerms(configuration, known);
        ChannelCount channels = new ChannelCount(configuration, format, known);
        pooled.forEach((pooling, map) -> {
            OptionalInt count = channels.of(map);
            // Where nothing tells, the layer that reads the pooled features does.
            values.put(pooling, PooledAffine.of(map, count.orElse(0)));
        });
    }

    /** The logits, before their activation. */
    PooledAffine folded(HeadPath path) {
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (path.vertices().contains(name)) {
                values.put(name, folded(name));
            }
        }
        return values.get(logits);
    }

    private PooledAffine folded(String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        Layer layer = Vertices.layer(vertex);
        List<PooledAffine> inputs = configuration.getVertexInputs().get(name).stream()
                .map(values::get)
                .toList();
        if (Vertices.isDense(layer)) {
            return dense(name, (FeedForwardLayer) layer, inputs.get(0));
        }
        if (layer instanceof DropoutLayer || layer instanceof ActivationLayer || Vertices.isReshaping(vertex)) {
            return inputs.get(0);
        }
        int read = layer instanceof FeedForwardLayer channelwise ? Math.toIntExact(channelwise.getNIn()) : 0;
        return planned(name, inputs.stream().map(input -> resized(input, read)).toList());
    }

    /**
     * The averages of a pointwise convolution's result by those of what it reads.
     *
     * @param convolution linear, 1x1
     * @param read the vertex that it reads
     */
    static PooledAffine pointwise(ComputationGraph graph, String convolution, String read) {
        Map<String, INDArray> weights = graph.getLayer(convolution).paramTable();
        INDArray kernels = weights.get("W");
        // [out, in, 1, 1].
        int out = Math.toIntExact(kernels.size(0));
        int in = Math.toIntExact(kernels.size(1));
        double[] matrix = doubles(kernels);
        double[] bias = weights.containsKey("b") ? doubles(weights.get("b")) : new double[out];
        return PooledAffine.of(read, in).times((output, input) -> matrix[output * in + input], bias);
    }

    private PooledAffine dense(String name, FeedForwardLayer layer, PooledAffine input) {
        int in = Math.toIntExact(layer.getNIn());
        int out = Math.toIntExact(layer.getNOut());
        Map<String, INDArray> weights = graph.getLayer(name).paramTable();
        double[] matrix = doubles(weights.get("W"));
        double[] bias = weights.containsKey("b") ? doubles(weights.get("b")) : new double[out];
        PooledAffine read = resized(input, in);
        requireCount(name, read, in);
        return read.times((output, row) -> matrix[row * out + output], bias);
    }

    /** Pooled features that no layer changed are as many as their reader takes; the engine's run checks that they are. */
    private static PooledAffine resized(PooledAffine value, int count) {
        if (count > 0 && value.count() != count && value.rows().size() == 1) {
            Map.Entry<String, ChannelRows> only =
                    value.rows().entrySet().iterator().next();
            if (only.getValue() instanceof ChannelRows.Sparse rows && rows.isIdentity() && isZero(value.shift())) {
                return PooledAffine.of(only.getKey(), count);
            }
        }
        return value;
    }

    private static boolean isZero(double[] numbers) {
        return Arrays.stream(numbers).allMatch(number -> number == 0);
    }

    private void requireCount(String name, PooledAffine value, int count) {
        if (value.count() != count) {
            throw HeadRefusal.of(
                    terms.of(name) + " reads " + count + " features where the poolings leave " + value.count(),
                    "Pool over the whole map.");
        }
    }

    // ---- all other layers ----

    private PooledAffine planned(String name, List<PooledAffine> inputs) {
        if (inputs.stream().anyMatch(input -> input.count() == 0)) {
            throw new UnsupportedModelException(
                    "nothing tells how many features " + terms.of(name) + " reads: put the pooling on a convolution.");
        }
        PlanBuilder plan = new PlanBuilder(shape(inputs.get(0)));
        Map<Integer, PooledAffine> made = new HashMap<>();
        made.put(InferencePlan.INPUT, inputs.get(0));
        int[] read = new int[inputs.size()];
        for (int i = 1; i < read.length; i++) {
            read[i] = plan.given(shape(inputs.get(i)));
            made.put(read[i], inputs.get(i));
        }
        try {
            int result = new GraphSteps(plan, graph, format, known).plan(name, read);
            for (Step step : plan.steps()) {
                made.put(
                        step.value(),
                        AffineStep.folded(
                                step, step.inputs().stream().map(made::get).toList()));
            }
            return made.get(result);
        } catch (UnplannedException | IllegalArgumentException e) {
            throw HeadRefusal.standsBetween(terms.of(name), reader(name));
        }
    }

    private static Shape shape(PooledAffine value) {
        return new Shape(1, 1, value.count());
    }

    /** The next dense layer on the way to the logits. */
    private String reader(String name) {
        List<String> readers = new ArrayList<>(List.of(name));
        for (int i = 0; i < readers.size(); i++) {
            for (Map.Entry<String, List<String>> entry :
                    configuration.getVertexInputs().entrySet()) {
                if (entry.getValue().contains(readers.get(i)) && !readers.contains(entry.getKey())) {
                    if (Vertices.isDense(
                            Vertices.layer(configuration.getVertices().get(entry.getKey())))) {
                        return entry.getKey();
                    }
                    readers.add(entry.getKey());
                }
            }
        }
        return logits;
    }

    private static double[] doubles(INDArray array) {
        try (INDArray copy = array.castTo(DataType.DOUBLE).dup('c')) {
            return copy.data().asDouble();
        }
    }
}
