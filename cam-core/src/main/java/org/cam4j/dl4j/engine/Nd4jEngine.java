package org.cam4j.dl4j.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.Inputs;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a plan with ND4J's operations, a whole batch at a time, on the ND4J backend of the classpath. With CUDA and cuDNN all values stay
 * on the device until maps are requested.
 */
public final class Nd4jEngine implements Engine {

    private final InferencePlan plan;
    private final Map<Integer, Integer> lastReader = new HashMap<>();
    private final DeviceWeights weights = new DeviceWeights();
    private final Nd4jOperations operations = new Nd4jOperations(weights);
    private final String name;
    private final RunnerThread thread = new RunnerThread("cam4j-nd4j");

    /**
     * Creates an engine for a plan; weights are copied to the device on first use.
     *
     * @param plan the plan to run
     */
    public Nd4jEngine(InferencePlan plan) {
        this.plan = plan;
        for (int i = 0; i < plan.steps().size(); i++) {
            for (int value : plan.steps().get(i).inputs()) {
                lastReader.put(value, i);
            }
        }
        this.name = "ND4J " + Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        Inputs checked = Inputs.of(plan, inputs);
        return thread.run(() -> {
            List<Nd4jBatch.Lent> lent = new ArrayList<>();
            try {
                checked.batches().forEach(batch -> lent.add(Nd4jBatch.lent(batch)));
                return forward(lent, wanted);
            } finally {
                lent.forEach(Nd4jBatch.Lent::close);
            }
        });
    }

    private Values forward(List<Nd4jBatch.Lent> lent, Set<String> wanted) {
        Map<Integer, INDArray> values = new HashMap<>();
        lent.forEach(input -> values.put(values.size(), input.array()));
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            INDArray[] inputs = step.inputs().stream().map(values::get).toArray(INDArray[]::new);
            values.put(step.value(), operations.run(step.operation(), inputs));
            freeReadBy(i, step, values);
        }
        Map<String, INDArray> outputs = new HashMap<>();
        plan.outputs().forEach((name, value) -> {
            INDArray array = values.get(value);
            outputs.put(name, plan.isInput(value) ? array.dup('c') : array);
        });
        return new Nd4jValues(outputs).only(wanted);
    }

    /** Frees values that no later step reads: their memory is native, so the garbage collector would free it late. */
    private void freeReadBy(int position, Step step, Map<Integer, INDArray> values) {
        for (int value : step.inputs()) {
            if (lastReader.get(value) == position
                    && !plan.isInput(value)
                    && !plan.outputs().containsValue(value)
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
