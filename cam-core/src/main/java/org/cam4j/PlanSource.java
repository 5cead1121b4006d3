package org.cam4j;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/** A network from a plan that the application has built. */
final class PlanSource implements ModelSource {

    private static final String NAME = "plan";

    private final InferencePlan plan;
    private final List<String> outputs;

    PlanSource(InferencePlan plan) {
        this.plan = plan;
        this.outputs = List.copyOf(plan.outputs().keySet());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> sha256() {
        return Optional.empty();
    }

    @Override
    public ModelSettings settings() {
        return ModelSettings.NONE;
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public OptionalInt inputHeight() {
        return OptionalInt.of(plan.input().height());
    }

    @Override
    public OptionalInt inputWidth() {
        return OptionalInt.of(plan.input().width());
    }

    /** Throws, because a plan has no graph. */
    @Override
    public void keepGraph() {
        throw new IllegalStateException("a plan holds no graph: start from the Keras file.");
    }

    @Override
    public Found find(Optional<Integer> output, Optional<String> layer, int height, int width) {
        Shape input = plan.input();
        if (height != input.height() || width != input.width()) {
            throw new IllegalArgumentException("the plan takes images of " + input.height() + "x" + input.width()
                    + ", not " + height + "x" + width + ": build it for this size.");
        }
        if (output.isEmpty() && outputs.size() > 1) {
            throw new UnsupportedModelException("the plan has " + outputs.size() + " outputs " + outputs
                    + ": a class activation map is of one classifying output. Choose one by its name or place.");
        }
        return new FoundInPlan(
                NAME, List.of(), TokenCells.find(plan, outputs.get(output.orElse(0)), layer), Optional.empty());
    }
}
