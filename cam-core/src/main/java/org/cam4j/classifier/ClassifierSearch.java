package org.cam4j.classifier;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;

/** Finds a classifier's parts: activation, linear layers, poolings, last convolutions, from the scores towards the image. */
final class ClassifierSearch {

    private final InferencePlan network;
    private final LayerTerms terms;
    private final IntPredicate hasPlace;

    /** With {@code hasPlace} whether a value's cells lie somewhere in the image. */
    ClassifierSearch(InferencePlan network, LayerTerms terms, IntPredicate hasPlace) {
        this.network = network;
        this.terms = terms;
        this.hasPlace = hasPlace;
    }

    Classifier find(String output, Optional<String> layer) {
        ScoreActivation scores = ScoreActivation.takenOff(network, output);
        boolean isBinary = BinaryScore.isOne(scores);
        ScoreActivation known = isBinary ? BinaryScore.ofBothClasses(scores) : scores;
        GatedSearch gated = new GatedSearch(known, isBinary, head(new PlanSteps(known.plan()), known.logits()));
        Classifier linear;
        try {
            linear = linear(known, isBinary);
        } catch (UnsupportedModelException e) {
            return layer.isPresent() ? gated.at(layer.get()) : gated.find(e, hasPlace);
        }
        return layer.isEmpty() || linear.features().equals(layer.get()) ? linear : gated.at(layer.get());
    }

    private Classifier linear(ScoreActivation scores, boolean isBinary) {
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
        List<MappedLayer> maps = FeatureMaps.of(steps, folded.rows().keySet());
        LinearHead linear = linearHead(folded);
        return new Classifier(
                FeatureMaps.asOutputs(steps, maps, scores.logits()),
                maps,
                walk.poolings().stream().map(Step::name).toList(),
                head,
                steps.maker(scores.logits()).orElseThrow().name(),
                scores.activation(),
                linear.classes(),
                isBinary,
                Optional.of(linear),
                Optional.empty());
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
        while (steps.maker(step.inputs().get(0)).isPresent()
                && !(step.operation() instanceof Dense)
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
