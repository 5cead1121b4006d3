package org.cam4j.classifier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;

/** Finds a classifier's parts: activation, linear layers, poolings, last convolutions, from the scores towards the image. */
final class ClassifierSearch {

    private final InferencePlan network;
    private final LayerTerms terms;

    ClassifierSearch(InferencePlan network, LayerTerms terms) {
        this.network = network;
        this.terms = terms;
    }

    Classifier find(String output) {
        ScoreActivation scores = ScoreActivation.takenOff(network, output);
        PlanSteps steps = new PlanSteps(scores.plan());
        HeadWalk walk = new HeadWalk(steps, scores.logits(), terms);
        walk.poolings().forEach(pooling -> requireSteps(steps, pooling));
        PooledAffine folded = walk.folded();
        String head = head(steps, scores.logits());
        if (!walk.hasDense()) {
            List<Step> convolutions = folded.rows().keySet().stream()
                    .flatMap(map -> steps.maker(map).stream())
                    .filter(ClassifierSearch::isConvolutionToClasses)
                    .toList();
            if (convolutions.isEmpty() && scores.activation() == OutputActivation.NONE) {
                throw HeadRefusal.of(
                        "the network ends with the pooling '"
                                + walk.poolings().get(0).name() + "' and has no classes: it is a feature extractor",
                        "Put a Dense layer of the classes on it and train that.");
            }
            for (Step convolution : convolutions) {
                folded = folded.through(convolution.value(), pointwise(steps, convolution));
            }
            head = convolutions.size() == 1 && folded.rows().size() == 1
                    ? convolutions.get(0).name()
                    : head;
        }
        List<MappedLayer> maps = maps(steps, folded);
        return new Classifier(
                withFeatures(steps, maps, scores.logits()),
                maps,
                walk.poolings().stream().map(Step::name).toList(),
                head,
                steps.maker(scores.logits()).orElseThrow().name(),
                scores.activation(),
                linearHead(folded));
    }

    /** Refuses a pooling of the image itself, which has no feature maps. */
    private static void requireSteps(PlanSteps steps, Step pooling) {
        int read = pooling.inputs().get(0);
        if (steps.maker(read).isEmpty()) {
            throw HeadRefusal.of(
                    "the pooling '" + pooling.name() + "' reads the input '" + steps.input(read)
                            + "' itself, with no convolution between",
                    "Put convolutions before it.");
        }
    }

    /**
     * Returns the layer that gives the classes: the dense layer, the layer that joins several, or the last pooling if the pooled channels
     * are the classes.
     */
    private static String head(PlanSteps steps, int logits) {
        Step step = steps.maker(logits).orElseThrow();
        while (!(step.operation() instanceof Dense)
                && !(step.operation() instanceof GlobalPooling)
                && !(step.operation() instanceof Pooling)
                && step.inputs().size() == 1) {
            step = steps.maker(step.inputs().get(0)).orElseThrow();
        }
        return step.name();
    }

    // ---- convolutions to classes ----

    private static boolean isConvolutionToClasses(Step step) {
        return step.operation() instanceof Convolution convolution
                && convolution.window().isPointwise()
                && convolution.groups() == 1
                && !convolution.addsInput()
                && convolution.activation().isIdentity();
    }

    /** Returns the averages of a pointwise convolution's output as a function of the averages of its input. */
    private static PooledAffine pointwise(PlanSteps steps, Step step) {
        int read = step.inputs().get(0);
        if (steps.maker(read).isEmpty()) {
            throw HeadRefusal.of(
                    "the convolution to classes '" + step.name() + "' reads the input '" + steps.input(read)
                            + "' itself",
                    "Put convolutions before it.");
        }
        try {
            return AffineStep.folded(
                    step,
                    List.of(PooledAffine.of(read, steps.shape(read).channels())),
                    steps.shape(read).rank() - 1);
        } catch (NotAffineException e) {
            throw new IllegalStateException(step + " is pointwise and linear", e);
        }
    }

    // ---- maps ----

    private List<MappedLayer> maps(PlanSteps steps, PooledAffine folded) {
        List<MappedLayer> maps = new ArrayList<>();
        folded.rows().forEach((value, rows) -> {
            Step step = steps.maker(value).orElseThrow();
            maps.add(new MappedLayer(value, step.name(), lastConvolution(steps, step), rows.channels()));
        });
        return maps;
    }

    private static String lastConvolution(PlanSteps steps, Step features) {
        // Inputs of a joining step are searched from the last to the first: of a residual sum, the branch before the
        // shortcut.
        Deque<Step> open = new ArrayDeque<>(List.of(features));
        Set<Integer> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Step step = open.pop();
            if (!seen.add(step.value())) {
                continue;
            }
            if (step.operation() instanceof Convolution) {
                return step.name();
            }
            step.inputs().forEach(input -> steps.maker(input).ifPresent(open::push));
        }
        throw HeadRefusal.of(
                "no convolution leads to '" + features.name() + "'", "Put convolutions before the pooling.");
    }

    /** Returns the plan with maps and logits as its outputs. */
    private static InferencePlan withFeatures(PlanSteps steps, List<MappedLayer> maps, int logits) {
        InferencePlan plan = steps.plan();
        if (maps.size() == 1) {
            return plan.withOutputs(Map.of(InferencePlan.FEATURES, maps.get(0).value(), InferencePlan.LOGITS, logits));
        }
        requireSameCells(plan, maps);
        int joined = plan.steps().stream().mapToInt(Step::value).max().orElseThrow() + 1;
        Step step = new Step(
                joined,
                Classifier.names(maps.stream().map(MappedLayer::name).toList()),
                Concatenate.channels(),
                maps.stream().map(MappedLayer::value).toList());
        return new InferencePlan(
                plan.inputs(),
                Stream.concat(plan.steps().stream(), Stream.of(step)).toList(),
                Map.of(InferencePlan.FEATURES, joined, InferencePlan.LOGITS, logits));
    }

    /** Refuses maps of different sizes: their cells have different sizes, so they cannot be added to one map. */
    private static void requireSameCells(InferencePlan plan, List<MappedLayer> maps) {
        MappedLayer first = maps.get(0);
        Shape expected = plan.shape(first.value());
        for (MappedLayer other : maps) {
            Shape found = plan.shape(other.value());
            if (!found.sameCells(expected)) {
                throw new UnsupportedModelException("the classes are pooled from '" + first.name() + "', "
                        + expected.height() + "x" + expected.width() + ", and '" + other.name() + "', "
                        + found.height() + "x" + found.width()
                        + ": a class activation map is the sum of maps of one size. Bring them to one size before the"
                        + " pooling, with UpSampling2D or AveragePooling2D, and train the head again.");
            }
        }
    }

    // ---- weights ----

    /** Returns weights [k, classes] and bias; {@code k} counts the channels of all maps, in order. */
    private static LinearHead linearHead(PooledAffine folded) {
        int channels =
                folded.rows().values().stream().mapToInt(ChannelRows::channels).sum();
        int classes = folded.count();
        float[] weights = new float[Math.multiplyExact(channels, classes)];
        int start = 0;
        for (ChannelRows rows : folded.rows().values()) {
            for (int c = 0; c < classes; c++) {
                double[] row = new double[rows.channels()];
                rows.addTo(c, 1, row);
                for (int k = 0; k < row.length; k++) {
                    weights[(start + k) * classes + c] = (float) row[k];
                }
            }
            start += rows.channels();
        }
        float[] bias = new float[classes];
        for (int c = 0; c < classes; c++) {
            bias[c] = (float) folded.shift()[c];
        }
        return new LinearHead(weights, bias);
    }
}
