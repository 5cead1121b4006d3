package org.cam4j.dl4j.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Values;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a graph with DL4J's own layers.
 *
 * <p>Thread-safe: all runs are executed one after the other on the engine's own thread. DL4J keeps workspaces (100 MB for a VGG19) for
 * every thread that ever ran a graph, and its graphs are not thread-safe.
 */
public final class Dl4jEngine implements Engine {

    private final ComputationGraph graph;
    private final CNN2DFormat format;
    private final String name;
    private final RunnerThread thread = new RunnerThread("cam4j-dl4j");

    /**
     * Creates an engine for a graph.
     *
     * @param graph its outputs are the target layer's activations, possibly in several parts along the channels, and then the
     *     logits; owned and freed by the engine
     * @param format the layout of images and activations in the graph
     */
    public Dl4jEngine(ComputationGraph graph, CNN2DFormat format) {
        this.graph = graph;
        this.format = format;
        this.name = "DL4J on ND4J "
                + Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        if (!inputs.keySet().equals(Set.of(InferencePlan.IMAGE))) {
            throw new IllegalArgumentException(
                    "inputs " + inputs.keySet() + " for a network that takes '" + InferencePlan.IMAGE + "'");
        }
        Batch images = inputs.get(InferencePlan.IMAGE);
        return thread.run(() -> forward(images).only(wanted));
    }

    private Nd4jValues forward(Batch images) {
        DataType type = graph.getConfiguration().getDataType();
        try (Nd4jBatch.Lent batch = Nd4jBatch.lent(images)) {
            INDArray array = batch.array();
            INDArray own = format == CNN2DFormat.NCHW ? array.permute(0, 3, 1, 2) : array;
            // DL4J may overwrite its input: pass a copy.
            try (INDArray input = own.castTo(type).dup('c')) {
                INDArray[] outputs = graph.output(false, input);
                INDArray features = joined(Arrays.copyOf(outputs, outputs.length - 1));
                INDArray logits = outputs[outputs.length - 1].castTo(DataType.FLOAT);
                long count = images.count();
                return new Nd4jValues(Map.of(
                        InferencePlan.FEATURES,
                        Nd4jBatch.isRowMajor(features) ? features : features.dup('c'),
                        InferencePlan.LOGITS,
                        logits.dup('c').reshape('c', count, 1, 1, logits.length() / count)));
            }
        }
    }

    /** Concatenates feature maps along the channels, [n, h, w, k]. */
    private INDArray joined(INDArray... maps) {
        INDArray[] parts = new INDArray[maps.length];
        for (int i = 0; i < maps.length; i++) {
            INDArray map = maps[i].castTo(DataType.FLOAT);
            parts[i] = format == CNN2DFormat.NCHW ? map.permute(0, 2, 3, 1) : map;
            if (parts[i].size(1) != parts[0].size(1) || parts[i].size(2) != parts[0].size(2)) {
                throw new UnsupportedModelException("the classes are pooled from maps of " + parts[0].size(1) + "x"
                        + parts[0].size(2) + " and " + parts[i].size(1) + "x" + parts[i].size(2)
                        + ": a class activation map is the sum of maps of one size. Bring them to one size before the"
                        + " pooling and train the head again.");
            }
        }
        return parts.length == 1 ? parts[0] : Nd4j.concat(3, parts);
    }

    @Override
    public void close() {
        thread.close(() -> {
            graph.params().close();
            // Also runs the garbage collector; other engines skip this call, since only DL4J's layers have workspaces.
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        });
    }
}
