package org.cam4j;

import java.util.List;
import java.util.Optional;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.RunnablePlan;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.SizedEngines;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/**
 * The classifier in a plan.
 *
 * @param name of the model
 * @param notes on its reading
 * @param parts the classifier for images of the usual size
 * @param sized the classifier for images of other sizes; empty if the network takes one size
 */
record FoundInPlan(String name, List<String> notes, Classifier parts, Optional<BySize> sized)
        implements ModelSource.Found {

    /** Finds the classifier for an image size. */
    @FunctionalInterface
    interface BySize {

        Classifier of(int height, int width);
    }

    @Override
    public int classes() {
        return parts.classes();
    }

    @Override
    public boolean isBinary() {
        return parts.isBinary();
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
    public Network start(EngineSettings settings) {
        InferencePlan simplified = PlanPass.simplified(parts.plan());
        InferencePlan runnable = RunnablePlan.of(simplified);
        MapPlacement placement = ReceptiveFields.placement(parts.plan());
        int height = parts.plan().input().height();
        int width = parts.plan().input().width();
        SizedPlacements placements = new SizedPlacements(height, width, placement);
        Engine engine = sized.<Engine>map(bySize -> new SizedEngines(
                        (rows, columns) -> rows == height && columns == width
                                ? Engines.of(runnable, settings)
                                : another(bySize.of(rows, columns), rows, columns, placements, settings),
                        height,
                        width))
                .orElseGet(() -> Engines.of(runnable, settings));
        Head head =
                Head.of(parts, runnable, settings, size -> sized.map(bySize -> bySize.of(size.height(), size.width()))
                        .orElseThrow(() -> new IllegalArgumentException("images of " + size + " for a network of "
                                + parts.plan().input())));
        return Network.checked(
                engine,
                head,
                parts,
                (running, scores) -> new Network(
                        running,
                        new ModelSummary(name, parts, weights(), notes),
                        sized.isPresent(),
                        head,
                        new MethodNetworks(
                                running, settings, scores, parts.plan().input(), size -> Optional.of(planFor(size))),
                        sized.<Network.Placements>map(
                                        bySize -> placements.orElse((rows, columns) -> ReceptiveFields.placement(
                                                bySize.of(rows, columns).plan())))
                                .orElse((rows, columns) -> placement),
                        Optional.of(simplified),
                        Optional.empty()));
    }

    private InferencePlan planFor(Shape image) {
        return image.equals(parts.plan().input())
                ? parts.plan()
                : sized.orElseThrow().of(image.height(), image.width()).plan();
    }

    private static Engine another(
            Classifier other, int rows, int columns, SizedPlacements placements, EngineSettings settings) {
        placements.add(rows, columns, ReceptiveFields.placement(other.plan()));
        return Engines.of(RunnablePlan.of(PlanPass.simplified(other.plan())), settings);
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
