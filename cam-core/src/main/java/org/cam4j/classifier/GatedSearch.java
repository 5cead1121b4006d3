package org.cam4j.classifier;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Gates;

/** Finds the parts of a classifier with any head: its target layer, and the way back to it with held gates. */
final class GatedSearch {

    private final ScoreActivation scores;
    private final boolean isBinary;
    private final String head;
    private final PlanSteps steps;

    GatedSearch(ScoreActivation scores, boolean isBinary, String head) {
        this.scores = scores;
        this.isBinary = isBinary;
        this.head = head;
        this.steps = new PlanSteps(scores.plan());
    }

    /**
     * Takes the last layer with cells.
     *
     * @param notLinear why the head is not linear: thrown if there is no such layer, or no way back to it
     * @param hasPlace whether a value's cells lie somewhere in the image; such a layer is preferred
     */
    Classifier find(UnsupportedModelException notLinear, IntPredicate hasPlace) {
        List<Integer> targets = new TargetSearch(steps, scores.logits(), hasPlace).values();
        if (targets.isEmpty() || hasExternal() || !hasClasses(targets)) {
            throw notLinear;
        }
        try {
            List<Integer> reached = Adjoint.reached(steps.plan(), scores.logits(), targets);
            if (!reached.isEmpty()) {
                return classifier(reached);
            }
        } catch (IllegalArgumentException noWayBack) {
            notLinear.addSuppressed(noWayBack);
        }
        throw notLinear;
    }

    /**
     * Takes a layer by its name.
     *
     * @throws UnsupportedModelException if there is none, it has no cells, or there is no way back to it
     */
    Classifier at(String layer) {
        Step step = steps.plan().steps().stream()
                .filter(one -> one.name().equals(layer))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new UnsupportedModelException("there is no layer " + Quoted.of(layer)
                        + ": expected one with rows and columns, such as " + Quoted.of(lastWithCells())
                        + ". 'cam4j inspect' lists the layers."));
        if (hasExternal()) {
            throw new UnsupportedModelException(
                    "the layer " + Quoted.of(layer)
                            + " cannot be chosen: only DL4J runs some layers of this network, and it gives the last layer alone.");
        }
        if (steps.shape(step.value()).isVector()) {
            throw new UnsupportedModelException("the layer " + Quoted.of(layer) + " makes "
                    + steps.shape(step.value()) + ", which has no cells: take a layer before it, such as "
                    + Quoted.of(lastWithCells()) + ".");
        }
        try {
            return classifier(List.of(step.value()));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(
                    "no map of the layer " + Quoted.of(layer) + " adds up: " + e.getMessage() + ". Take a later layer.",
                    e);
        }
    }

    private String lastWithCells() {
        List<Step> all = steps.plan().steps();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!steps.shape(all.get(i).value()).isVector()) {
                return all.get(i).name();
            }
        }
        return "none";
    }

    /** Whether only DL4J runs a step: its engine does not give the values that the way back reads. */
    private boolean hasExternal() {
        return steps.plan().steps().stream().anyMatch(step -> step.operation() instanceof External);
    }

    /** Whether weights turn features into classes: a dense layer, an activation of the scores, or a convolution to classes. */
    private boolean hasClasses(List<Integer> targets) {
        if (scores.activation() != OutputActivation.NONE || isBinary) {
            return true;
        }
        boolean isBehind = false;
        for (Step step : steps.plan().steps()) {
            if (isBehind && step.operation() instanceof Dense) {
                return true;
            }
            isBehind |= targets.contains(step.value());
        }
        return targets.stream().allMatch(this::isConvolutionToClasses);
    }

    private boolean isConvolutionToClasses(int value) {
        Step step = steps.maker(value).orElseThrow();
        while (!(step.operation() instanceof Convolution) && step.inputs().size() == 1) {
            Optional<Step> before = steps.maker(step.inputs().get(0));
            if (before.isEmpty()) {
                return false;
            }
            step = before.get();
        }
        return step.operation() instanceof Convolution convolution
                && convolution.window().isPointwise()
                && convolution.groups() == 1;
    }

    private Classifier classifier(List<Integer> targets) {
        List<MappedLayer> maps = FeatureMaps.of(steps, targets);
        InferencePlan plan = FeatureMaps.asOutputs(steps, maps, scores.logits());
        Adjoint adjoint = Adjoint.of(plan, scores.logits(), targets, Gates.HELD);
        return new Classifier(
                adjoint.forward(),
                maps,
                readers(targets),
                head,
                steps.maker(scores.logits()).orElseThrow().name(),
                scores.activation(),
                plan.shape(scores.logits()).size(),
                isBinary,
                Optional.empty(),
                Optional.of(adjoint.backward()));
    }

    /** Returns the names of the steps that read a target on the way to the scores. */
    private List<String> readers(List<Integer> targets) {
        Set<Integer> leading = Dependencies.leadingTo(steps.plan(), Set.of(scores.logits()), targets);
        return steps.plan().steps().stream()
                .filter(step -> leading.contains(step.value()) && !targets.contains(step.value()))
                .filter(step -> step.inputs().stream().anyMatch(targets::contains))
                .map(Step::name)
                .distinct()
                .toList();
    }
}
