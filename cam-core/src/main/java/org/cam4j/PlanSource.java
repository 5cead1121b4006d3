package org.cam4j;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.LayerTerms;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

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
        return new FoundInPlan(Classifier.find(plan, outputs.get(output.orElse(0)), LayerTerms.OPERATIONS, layer));
    }

    /** The classifier in the plan. */
    private record FoundInPlan(Classifier parts) implements Found {

        @Override
        public int classes() {
            return parts.classes();
        }

        @Override
        public int inputChannels() {
            return parts.plan().input().channels();
        }

        @Override
        public String head() {
            return parts.head();
        }

        @Override
        public ScoreFunction scoreFunction() {
            return ScoreFunction.of(parts);
        }

        @Override
        public Network start(EngineSettings settings) {
            InferencePlan simplified = PlanPass.simplified(parts.plan());
            MapPlacement placement = ReceptiveFields.placement(parts.plan());
            Head head = Head.of(parts, settings);
            return Network.checked(
                    Engines.of(simplified, settings),
                    head,
                    parts,
                    engine -> new Network(
                            engine,
                            new ModelSummary(NAME, parts, weights(), List.of()),
                            false,
                            head,
                            (rows, columns) -> placement,
                            Optional.of(simplified),
                            Optional.empty()));
        }

        private long weights() {
            return parts.plan().steps().stream()
                    .mapToLong(step -> weights(step.operation()))
                    .sum();
        }

        private static long weights(Operation operation) {
            if (operation instanceof Convolution convolution) {
                return (long) convolution.weights().length() + convolution.bias().length;
            }
            return operation instanceof Dense dense ? (long) dense.weights().length() + dense.bias().length : 0;
        }
    }
}
