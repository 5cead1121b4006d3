package org.cam4j.dl4j.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.TooLargeException;
import org.cam4j.plan.pass.PlanPass;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Compiles a classifier's graph into an {@link InferencePlan} whose outputs are the last convolution's activations and the logits.
 *
 * <p>Whatever the graph's layout, a plan's values are [h, w, c]. Weights are copied: the graph may be changed or freed
 * afterwards.
 */
public final class GraphPlanner {

    private final GapClassifier classifier;
    private final PlanBuilder plan;
    private final GraphSteps steps;
    private final Map<String, Integer> values = new HashMap<>();

    private GraphPlanner(GapClassifier classifier, Shape input) {
        this.classifier = classifier;
        this.plan = new PlanBuilder(input);
        this.steps = new GraphSteps(plan, classifier.graph(), classifier.inputFormat(), classifier.known());
    }

    /**
     * Makes the plan.
     *
     * @param classifier a network and its parts; not modified
     * @param height rows of the images
     * @param width columns of the images
     * @return the simplified plan, or the layer that no plan can express
     * @throws UnsupportedModelException if the network is too large for such images, or the classes are pooled from maps of
     *     different sizes
     */
    public static Planning plan(GapClassifier classifier, int height, int width) {
        return plan(classifier, height, width, PlanPass::simplified);
    }

    /**
     * Makes the plan as the layers say it, before any pass: what the simplified one is compared with.
     *
     * @param classifier a network and its parts; not modified
     * @param height rows of the images
     * @param width columns of the images
     * @return the plan, or the layer that no plan can express
     */
    public static Planning literal(GapClassifier classifier, int height, int width) {
        return plan(classifier, height, width, UnaryOperator.identity());
    }

    private static Planning plan(GapClassifier classifier, int height, int width, UnaryOperator<InferencePlan> passes) {
        try {
            Shape input = new Shape(height, width, classifier.inputChannels());
            return Planning.of(passes.apply(new GraphPlanner(classifier, input).plan()));
        } catch (TooLargeException e) {
            // DL4J's layers would try.
            throw new UnsupportedModelException(
                    "the network is too large for an image of " + height + "x" + width + ": " + e.getMessage()
                            + ". Take a smaller input size, or mend the layer.",
                    e);
        } catch (UnplannedException | IllegalArgumentException e) {
            return Planning.refused(e.getMessage());
        }
    }

    private InferencePlan plan() throws UnplannedException {
        ComputationGraph graph = classifier.graph();
        Map<String, List<String>> inputs = graph.getConfiguration().getVertexInputs();
        values.put(classifier.input(), InferencePlan.INPUT);
        List<String> maps = classifier.mapNames();
        Set<String> needed = Vertices.ancestors(inputs, maps);
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !values.containsKey(name)) {
                values.put(
                        name,
                        steps.plan(
                                name,
                                inputs.get(name).stream().mapToInt(values::get).toArray()));
            }
        }
        int[] pooled = maps.stream().mapToInt(values::get).toArray();
        requireSameCells(pooled);
        int features = pooled.length == 1 ? pooled[0] : plan.add(classifier.features(), Concatenate.channels(), pooled);
        int averages = plan.add(classifier.pooling(), new GlobalPooling(Pooling.Kind.AVERAGE), features);
        int logits = plan.add(classifier.head(), classifier.linearHead().dense(), averages);
        return plan.build(Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, logits));
    }

    /** Maps of different sizes have cells of different sizes: no one map is their sum. */
    private void requireSameCells(int... pooled) {
        for (int i = 1; i < pooled.length; i++) {
            Shape first = plan.shape(pooled[0]);
            Shape other = plan.shape(pooled[i]);
            if (!first.sameCells(other)) {
                throw PooledMap.ofDifferentSizes(
                        classifier.maps().get(0),
                        first.height(),
                        first.width(),
                        classifier.maps().get(i),
                        other.height(),
                        other.width());
            }
        }
    }
}
