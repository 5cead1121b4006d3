package org.cam4j.dl4j.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.cam4j.engine.Activations;
import org.cam4j.engine.Engine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a plan with ND4J's operations, a whole batch at a time, on whichever backend is on the classpath: with CUDA and cuDNN
 * everything stays on the device until maps are asked for.
 */
public final class Nd4jEngine implements Engine {

    private final InferencePlan plan;
    private final Map<Integer, Integer> lastReader = new HashMap<>();
    private final DeviceWeights weights = new DeviceWeights();
    private final Nd4jOperations operations = new Nd4jOperations(weights);
    private final INDArray classWeights;
    private final String name;
    private final RunnerThread thread = new RunnerThread("cam4j-nd4j");

    /**
     * Takes a plan; its weights go to the device when they are first needed.
     *
     * @param plan what to run
     */
    public Nd4jEngine(InferencePlan plan) {
        this.plan = plan;
        for (int i = 0; i < plan.steps().size(); i++) {
            for (int value : plan.steps().get(i).inputs()) {
                lastReader.put(value, i);
            }
        }
        LinearHead head = plan.head();
        this.classWeights = Nd4j.createFromArray(head.weights())
                .reshape('c', head.channels(), head.classes())
                .transpose()
                .dup('c');
        this.name = "ND4J " + Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Activations run(float[] images, int height, int width, int channels) {
        requireShape(height, width, channels);
        int size = plan.input().size();
        if (images.length == 0 || images.length % size != 0) {
            throw new IllegalArgumentException(
                    images.length + " values are no whole number of images of " + plan.input());
        }
        return thread.run(() -> {
            try (INDArray batch = Nd4j.createFromArray(images)) {
                return forward(batch.reshape('c', images.length / size, height, width, channels));
            }
        });
    }

    @Override
    public Activations run(INDArray images) {
        if (images.rank() != 4 || images.size(0) == 0) {
            throw new IllegalArgumentException(
                    "images must be [n, height, width, channels], not " + Arrays.toString(images.shape()));
        }
        requireShape(images.size(1), images.size(2), images.size(3));
        return thread.run(() -> {
            try (INDArray batch = images.castTo(DataType.FLOAT).dup('c')) {
                return forward(batch);
            }
        });
    }

    private void requireShape(long height, long width, long channels) {
        Shape input = plan.input();
        if (height != input.height() || width != input.width() || channels != input.channels()) {
            throw new IllegalArgumentException("images of " + height + "x" + width + "x" + channels
                    + " for a network of " + input + " (height, width, channels)");
        }
    }

    private Activations forward(INDArray images) {
        INDArray features = features(images);
        LinearHead head = plan.head();
        try (INDArray means = features.mean(1, 2);
                INDArray products = means.mmul(classWeights.transpose());
                INDArray logits = products.addRowVector(weights.array(head.bias(), head.classes()))) {
            return new Nd4jActivations(features, classWeights, logits.toFloatMatrix());
        }
    }

    private INDArray features(INDArray images) {
        Map<Integer, INDArray> values = new HashMap<>();
        values.put(InferencePlan.INPUT, images);
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            INDArray[] inputs = step.inputs().stream().map(values::get).toArray(INDArray[]::new);
            values.put(step.value(), operations.run(step.operation(), inputs));
            freeReadBy(i, step, values);
        }
        INDArray features = values.get(plan.features());
        return features == images ? images.dup('c') : features;
    }

    /** Frees what no later step reads: a garbage collector sees no need to, since the memory is not Java's. */
    private void freeReadBy(int position, Step step, Map<Integer, INDArray> values) {
        for (int value : step.inputs()) {
            if (lastReader.get(value) == position
                    && value != InferencePlan.INPUT
                    && value != plan.features()
                    && values.containsKey(value)) {
                values.remove(value).close();
            }
        }
    }

    @Override
    public void close() {
        thread.close(weights::close);
    }
}
