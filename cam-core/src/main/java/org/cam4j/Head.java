package org.cam4j;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.LinearHead;
import org.cam4j.classifier.RunnablePlan;
import org.cam4j.classifier.WayBack;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Precision;
import org.cam4j.engine.Values;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/** What makes maps of a network's activations: the folded weights of a linear head, or walks back through any other. Thread-safe. */
final class Head implements AutoCloseable {

    private static final int SIZES = 4;

    private final Optional<LinearHead> linear;
    private final Set<String> outputs;
    /** Finds the way back for images of a size. */
    private final Function<Shape, WayBack> finder;

    /** The ways of the sizes that were used last, as many as there are engines; an older one goes on in plain Java. */
    private final Map<Shape, WayBack> ways = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, WayBack> eldest) {
            boolean isTooMany = size() > SIZES;
            if (isTooMany) {
                eldest.getValue().close();
            }
            return isTooMany;
        }
    };

    private Head(Optional<LinearHead> linear, Set<String> outputs, Function<Shape, WayBack> finder) {
        this.linear = linear;
        this.outputs = Set.copyOf(outputs);
        this.finder = finder;
    }

    /**
     * Creates the head of a classifier. The way back is made of the simplified plan, as for a prepared model, so that both give the same
     * bits.
     *
     * @param simplified the classifier's plan, as the engine runs it
     * @param others finds the classifier for images of another size
     */
    static Head of(
            Classifier classifier,
            InferencePlan simplified,
            EngineSettings settings,
            Function<Shape, Classifier> others) {
        return of(
                classifier.linearHead(),
                simplified,
                settings,
                size -> RunnablePlan.of(PlanPass.simplified(others.apply(size).plan())));
    }

    /** Creates the head of a simplified plan; {@code others} finds the plan for images of another size. */
    static Head of(
            Optional<LinearHead> linear,
            InferencePlan plan,
            EngineSettings settings,
            Function<Shape, InferencePlan> others) {
        return new Head(
                linear,
                plan.outputs().keySet(),
                size -> new WayBack(
                        size.equals(plan.input()) ? plan : others.apply(size),
                        settings.withPrecision(Precision.FLOAT32)));
    }

    /** The outputs that are asked of the engine. */
    Set<String> outputs() {
        return outputs;
    }

    /**
     * Returns the weights from the averaged features to the classes.
     *
     * @throws UnsupportedModelException if the head is not linear
     */
    LinearHead weights() {
        return linear.orElseThrow(() -> new UnsupportedModelException(
                "the head is not linear, so that no single matrix leads from features to classes: take maps, which add up"
                        + " all the same."));
    }

    Optional<LinearHead> linear() {
        return linear;
    }

    boolean isLinear() {
        return linear.isPresent();
    }

    /** Returns what makes maps of the values of images of a size. */
    Activations activations(Values values, Shape image) {
        return linear.isPresent() ? Activations.of(values, linear.get()) : new GatedActivations(values, wayBack(image));
    }

    synchronized WayBack wayBack(Shape image) {
        return ways.computeIfAbsent(image, finder);
    }

    @Override
    public synchronized void close() {
        ways.values().forEach(WayBack::close);
    }
}
