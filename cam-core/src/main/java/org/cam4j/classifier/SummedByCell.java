package org.cam4j.classifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/**
 * Computes a large dense layer on a flattened feature map cell by cell, so that maps need not read its weights a second time.
 *
 * <p>Such a layer, {@code y = Σ_cells W_cell · A_cell + b}, has most of a VGG's weights: 411 of 575 MB. Its reverse walk would read them
 * all again, which takes as long as the layer itself. The summands {@code W_cell · A_cell} are what a map is made of: with {@code g} the
 * gradient at {@code y}, the cell's part of the score is {@code g · (W_cell · A_cell)}. So the plan keeps the summands as an output of its
 * own, and the way back ends there.
 */
final class SummedByCell {

    /** Below this the second reading costs next to nothing. */
    private static final int MANY_WEIGHTS = 1 << 20;

    /** Engines have fast kernels for whole blocks of channels alone. */
    private static final int BLOCK = 16;

    private final InferencePlan plan;
    private final List<Step> steps = new ArrayList<>();
    private int next;

    private SummedByCell(InferencePlan plan) {
        this.plan = plan;
        this.next = plan.freeValue();
    }

    /**
     * Rewrites a classifier's plan.
     *
     * @param plan simplified, with {@link InferencePlan#FEATURES} among its outputs
     * @return a plan with the further output {@link InferencePlan#SUMMANDS} [h, w, units of the dense layer]; {@code plan} itself if no
     *     large dense layer alone reads the flattened features
     */
    static InferencePlan of(InferencePlan plan) {
        return dense(plan).map(step -> new SummedByCell(plan).rewritten(step)).orElse(plan);
    }

    /** Finds the dense layer that alone reads the flattened features. */
    private static Optional<Step> dense(InferencePlan plan) {
        int features = plan.output(InferencePlan.FEATURES);
        Shape map = plan.shape(features);
        if (map.rank() != 3 || map.isVector() || map.channels() % BLOCK != 0) {
            return Optional.empty();
        }
        return onlyReader(plan, features)
                .filter(step -> step.operation() instanceof Reshape)
                .filter(step ->
                        plan.shape(step.value()).isVector() && !plan.outputs().containsValue(step.value()))
                .flatMap(step -> onlyReader(plan, step.value()))
                .filter(step -> step.operation() instanceof Dense dense
                        && dense.outputs() % BLOCK == 0
                        && dense.weights().length() >= MANY_WEIGHTS);
    }

    private static Optional<Step> onlyReader(InferencePlan plan, int value) {
        List<Step> readers = plan.steps().stream()
                .filter(step -> step.inputs().contains(value))
                .toList();
        return readers.size() == 1 ? Optional.of(readers.get(0)) : Optional.empty();
    }

    private InferencePlan rewritten(Step found) {
        Dense dense = (Dense) found.operation();
        int features = plan.output(InferencePlan.FEATURES);
        Shape map = plan.shape(features);
        int cells = map.height() * map.width();
        Map<String, Integer> outputs = new LinkedHashMap<>(plan.outputs());
        for (Step step : plan.steps()) {
            if (step.value() == found.inputs().get(0)) {
                continue;
            }
            if (!step.equals(found)) {
                steps.add(step);
                continue;
            }
            int row = add(found, new Reshape(new Shape(1, 1, dense.inputs())), features);
            int products = add(found, products(dense, cells), row);
            int summands = add(found, new Reshape(map.withChannels(dense.outputs())), products);
            outputs.put(InferencePlan.SUMMANDS, summands);
            int means = add(found, new GlobalPooling(Pooling.Kind.AVERAGE), summands);
            int vector = add(found, new Reshape(plan.shape(found.value())), means);
            steps.add(new Step(found.value(), found.name(), sum(dense, cells), List.of(vector)));
        }
        return new InferencePlan(plan.inputs(), steps, outputs);
    }

    private int add(Step found, Operation operation, int input) {
        steps.add(new Step(next, found.name(), operation, List.of(input)));
        return next++;
    }

    /** The products of all cells: in the flattened map, each cell's channels are a group. */
    private static Convolution products(Dense dense, int cells) {
        return new Convolution(
                Window.of(1, 1),
                dense.inputs(),
                Math.multiplyExact(cells, dense.outputs()),
                cells,
                WeightArray.byColumns(dense.weights(), dense.outputs(), cells),
                new float[cells * dense.outputs()],
                false,
                Activation.IDENTITY);
    }

    private static ScaleShift sum(Dense dense, int cells) {
        ScaleShift uniform = ScaleShift.uniform(dense.outputs(), cells, 0);
        return new ScaleShift(uniform.scale(), dense.bias(), dense.activation());
    }
}
