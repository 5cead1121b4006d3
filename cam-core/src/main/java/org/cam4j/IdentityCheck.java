package org.cam4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.Random;
import java.util.stream.IntStream;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Values;
import org.cam4j.exception.CamException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.operation.Shape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Checks on a probe what makes a class activation map right: {@code mean(M_c) + b_c} is the logit of class {@code c}.
 *
 * <p>It fails for a wrong layer, a wrong layout, a pooling that does not average the whole map, and whatever else stands
 * between the maps and the classes.
 */
final class IdentityCheck implements AutoCloseable {

    /** Of the logits' scale, in float32. */
    static final double TOLERANCE = 1e-4;

    private final GapClassifier classifier;
    /** The network's own pooling and head. */
    private final ComputationGraph end;

    /**
     * Prepares.
     *
     * @param classifier its graph is not needed any more afterwards
     */
    IdentityCheck(GapClassifier classifier) {
        this.classifier = classifier;
        this.end = classifier.headGraph();
    }

    /**
     * Runs noise through the network, its activations through the graph's own end, and compares.
     *
     * @return the probe's activations
     * @throws UnsupportedModelException if the identity does not hold
     */
    Activations probe(Engine engine, LinearHead head, int height, int width) {
        int channels = classifier.inputChannels();
        Random random = new Random(20160627);
        float[] noise = new float[height * width * channels];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat() * 2 - 1;
        }
        Values values = firstRun(engine, noise, height, width, channels);
        Shape features = values.shape(InferencePlan.FEATURES);
        if (features.channels() != head.channels()) {
            throw new UnsupportedModelException("the pooling '" + classifier.pooling() + "' turns the " + features
                    + " activations of '" + classifier.features() + "' into " + head.channels()
                    + " features: it must leave one average for each channel. Pool over the"
                    + " whole map, or build the mapper with the input size that the network was made for.");
        }
        Activations activations = Activations.of(values, head);
        float[] logits = graphsOwnLogits(activations.features());
        INDArray means =
                activations.maps(IntStream.range(0, logits.length).toArray()).mean(2, 3);
        double scale = 0;
        double worst = 0;
        int at = 0;
        for (int c = 0; c < logits.length; c++) {
            scale = Math.max(scale, Math.abs(logits[c]));
            double difference = Math.abs(means.getDouble(0, c) + head.bias()[c] - logits[c]);
            // Written so that NaN counts as the worst.
            if (!(difference <= worst)) {
                worst = difference;
                at = c;
            }
        }
        if (!(worst <= TOLERANCE * Math.max(scale, Float.MIN_NORMAL))) {
            requireWholeWindows(activations);
            throw new UnsupportedModelException(
                    "the maps do not add up to the scores: the mean of the map of class " + at
                            + " plus its bias misses the logit " + logits[at] + " by " + worst + ". Something between '"
                            + classifier.features() + "' and '" + classifier.logits()
                            + "' is more than averaging over the whole map and linear layers, or weights are not finite.");
        }
        return activations;
    }

    /** The cause that can be told by the layers' settings: a pooling that leaves a margin of the maps out. */
    private void requireWholeWindows(Activations activations) {
        for (String name : classifier.poolings()) {
            if (end.getLayer(name).conf().getLayer() instanceof SubsamplingLayer pooling) {
                int[] window = pooling.getKernelSize();
                if (window[0] < activations.height() || window[1] < activations.width()) {
                    String map = activations.height() + "x" + activations.width();
                    throw new UnsupportedModelException("the maps do not add up to the scores: the " + window[0] + "x"
                            + window[1] + " window of the pooling '" + name + "' does not cover the whole " + map
                            + " map of '" + classifier.features() + "' that '" + classifier.logits()
                            + "' reads. Expected an average over the whole map. Build the mapper with an input size"
                            + " whose map is " + window[0] + "x" + window[1] + ", or put GlobalAveragePooling2D in"
                            + " place of the pooling and train the head again.");
                }
            }
        }
    }

    /** DL4J notices only when it runs that layers do not fit each other or the input. */
    private static Values firstRun(Engine engine, float[] image, int height, int width, int channels) {
        try {
            return engine.run(Batch.of(image, new Shape(height, width, channels)), Network.OUTPUTS);
        } catch (CamException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnsupportedModelException(
                    "the network fails on an image of " + height + "x" + width + "x" + channels + ": " + e.getMessage()
                            + ". Say the input size that it was made for, or mend the graph.",
                    e);
        }
    }

    /** What the network's own poolings and head make of the activations, whichever engine made these. */
    private float[] graphsOwnLogits(INDArray features) {
        INDArray[] maps = new INDArray[classifier.maps().size()];
        int start = 0;
        for (int i = 0; i < maps.length; i++) {
            int stop = start + classifier.maps().get(i).channels();
            INDArray own = features.get(all(), all(), all(), interval(start, stop));
            // DL4J may work in its input: it gets a copy.
            maps[i] = (classifier.featureFormat() == CNN2DFormat.NCHW ? own.permute(0, 3, 1, 2) : own)
                    .castTo(end.getConfiguration().getDataType())
                    .dup('c');
            start = stop;
        }
        try {
            return end.output(false, maps)[0]
                    .castTo(DataType.FLOAT)
                    .dup('c')
                    .data()
                    .asFloat();
        } finally {
            for (INDArray map : maps) {
                map.close();
            }
        }
    }

    @Override
    public void close() {
        end.params().close();
    }
}
