package org.cam4j.classifier;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/** Walks from a classifier's logits down to its poolings, and folds the steps between into one affine function of the averages. */
final class HeadWalk {

    private final PlanSteps steps;
    private final LayerTerms terms;
    private final int logits;
    private final Set<Integer> path = new LinkedHashSet<>();
    /** The pooling steps by their output values, nearest to the logits first. */
    private final Map<Integer, Step> poolings = new LinkedHashMap<>();
    /** The next dense layer above each value. */
    private final Map<Integer, String> readers = new LinkedHashMap<>();

    HeadWalk(PlanSteps steps, int logits, LayerTerms terms) {
        this.steps = steps;
        this.terms = terms;
        this.logits = logits;
        walk();
    }

    private record Visit(int value, String reader) {}

    private void walk() {
        Deque<Visit> open = new ArrayDeque<>();
        Set<Integer> seen = new HashSet<>();
        open.add(new Visit(logits, logitsName()));
        while (!open.isEmpty()) {
            Visit visit = open.remove();
            if (seen.add(visit.value)) {
                look(visit, open);
            }
        }
    }

    private String logitsName() {
        return steps.maker(logits).map(Step::name).orElseGet(() -> steps.input(logits));
    }

    private void look(Visit visit, Deque<Visit> open) {
        Step step = steps.maker(visit.value).orElseThrow(() -> pastEveryPooling(visit.value));
        if (isPoolingOfAMap(step)) {
            requireAverage(step);
            poolings.put(visit.value, step);
            return;
        }
        if (!steps.shape(visit.value).isVector()) {
            throw noClassifyingLayer(step);
        }
        requireLinear(step, visit);
        path.add(visit.value);
        readers.put(visit.value, visit.reader);
        String reader = step.operation() instanceof Dense ? step.name() : visit.reader;
        step.inputs().forEach(input -> open.add(new Visit(input, reader)));
    }

    private UnsupportedModelException pastEveryPooling(int input) {
        return poolings.isEmpty() && path.size() <= 1
                ? HeadRefusal.of(
                        "the way from the output ends at the input '" + steps.input(input) + "' before any pooling",
                        "Put GlobalAveragePooling2D and a Dense layer of the classes on its feature maps.")
                : HeadRefusal.of(
                        "a way from the output leads to the input '" + steps.input(input) + "' past every pooling",
                        "Put GlobalAveragePooling2D in this way too.");
    }

    private UnsupportedModelException noClassifyingLayer(Step step) {
        return HeadRefusal.of(
                "the output comes from " + terms.of(step) + ", which is no classifying layer",
                "Choose another output, or put GlobalAveragePooling2D and a Dense layer of the classes on it.");
    }

    // ---- poolings ----

    /** Tells whether a step pools a map to a vector. Pooling averages again does not count: it does not change them. */
    private boolean isPoolingOfAMap(Step step) {
        if (!(step.operation() instanceof GlobalPooling) && !(step.operation() instanceof Pooling)) {
            return false;
        }
        int read = step.inputs().get(0);
        boolean isOfVector = steps.shape(read).isVector() && isPooled(read);
        return steps.shape(step.value()).isVector() && !isOfVector;
    }

    /** Tells whether a vector is the result of a pooling; a map of a single cell is not. */
    private boolean isPooled(int vector) {
        Optional<Step> maker = steps.maker(vector);
        while (maker.isPresent() && steps.shape(maker.get().value()).isVector()) {
            Step step = maker.get();
            if (step.operation() instanceof GlobalPooling || step.operation() instanceof Pooling) {
                return true;
            }
            if (step.inputs().size() != 1) {
                return false;
            }
            maker = steps.maker(step.inputs().get(0));
        }
        return false;
    }

    private void requireAverage(Step step) {
        Pooling.Kind kind =
                step.operation() instanceof GlobalPooling global ? global.kind() : ((Pooling) step.operation()).kind();
        if (kind != Pooling.Kind.AVERAGE) {
            throw HeadRefusal.of(
                    "the pooling '" + step.name() + "' takes the maximum of each feature map, not the average",
                    "Put GlobalAveragePooling2D in its place and train the head again.");
        }
        if (step.operation() instanceof Pooling pooling) {
            requireWholeMap(step, pooling);
        }
    }

    /** Refuses a pooling that leaves out a margin of the maps. */
    private void requireWholeMap(Step step, Pooling pooling) {
        Window window = pooling.window();
        Shape map = steps.shape(step.inputs().get(0));
        boolean whole = window.height() - window.padding().top() >= map.height()
                && window.width() - window.padding().left() >= map.width();
        if (!whole) {
            throw new UnsupportedModelException("the maps do not add up to the scores: the " + window.height() + "x"
                    + window.width() + " window of the pooling '" + step.name() + "' does not cover the whole "
                    + map.height() + "x" + map.width() + " map of '"
                    + nameOf(step.inputs().get(0)) + "' that '"
                    + logitsName() + "' reads. Expected an average over the whole map. Build the mapper with an input"
                    + " size whose map is " + window.height() + "x" + window.width() + ", or put"
                    + " GlobalAveragePooling2D in place of the pooling and train the head again.");
        }
    }

    private String nameOf(int value) {
        return steps.maker(value).map(Step::name).orElseGet(() -> steps.input(value));
    }

    // ---- what lies between ----

    private void requireLinear(Step step, Visit visit) {
        int read = step.inputs().isEmpty() ? visit.value : step.inputs().get(0);
        if (step.operation() instanceof Dense dense && !dense.activation().isIdentity()) {
            throw hidden(step, dense, ScoreActivation.name(dense.activation()), visit);
        }
        Optional<Step> before = step.inputs().isEmpty() ? Optional.empty() : steps.maker(read);
        if (step.operation() instanceof Softmax
                && before.isPresent()
                && before.get().name().equals(step.name())
                && before.get().operation() instanceof Dense dense) {
            throw hidden(step, dense, "softmax", visit);
        }
        if (step.operation() instanceof Reshape && !steps.shape(read).isVector()) {
            throw flattened(step, read, visit);
        }
        boolean isLinear = AffineStep.mayBeAffine(step.operation())
                && !(step.operation() instanceof Activated activated
                        && !activated.activation().isIdentity());
        if (!isLinear
                || step.inputs().stream().anyMatch(input -> !steps.shape(input).isVector())) {
            throw HeadRefusal.standsBetween(terms.of(step), visit.reader);
        }
    }

    private UnsupportedModelException flattened(Step flattening, int read, Visit visit) {
        Optional<Step> maker = steps.maker(read);
        if (maker.isPresent()
                && maker.get().operation() instanceof Transpose
                && maker.get().name().equals(flattening.name())) {
            // This permutation is only the graph's order of the numbers.
            return flattened(flattening, maker.get().inputs().get(0), visit);
        }
        if (maker.isPresent()
                && maker.get().operation() instanceof Pooling pooling
                && pooling.kind() == Pooling.Kind.AVERAGE) {
            int map = maker.get().inputs().get(0);
            return new UnsupportedModelException("the pooling '" + maker.get().name() + "' turns the "
                    + steps.shape(map) + " activations of '" + nameOf(map) + "' into "
                    + steps.shape(flattening.value()).size()
                    + " features: it must leave one average for each channel. Pool over the"
                    + " whole map, or build the mapper with the input size that the network was made for.");
        }
        return HeadRefusal.flattened(
                maker.map(terms::of).orElseGet(() -> "the input '" + steps.input(read) + "'"), visit.reader);
    }

    private static UnsupportedModelException hidden(Step step, Dense dense, String activation, Visit visit) {
        return HeadRefusal.of(
                "dense layer '" + step.name() + "' (" + dense.inputs() + " -> " + dense.outputs()
                        + ") with the activation '" + activation + "' stands between pooling and the output layer '"
                        + visit.reader + "'",
                "Remove the hidden layer, or its activation, and train the head again.");
    }

    /** Returns the poolings, nearest to the logits first. */
    List<Step> poolings() {
        return List.copyOf(poolings.values());
    }

    /** Tells whether the head has a dense layer. */
    boolean hasDense() {
        return path.stream().anyMatch(value -> steps.maker(value).orElseThrow().operation() instanceof Dense);
    }

    /** Returns the logits as a function of the averages of the pooled values. */
    PooledAffine folded() {
        Map<Integer, PooledAffine> values = new LinkedHashMap<>();
        poolings.forEach((value, step) -> {
            int map = step.inputs().get(0);
            values.put(value, PooledAffine.of(map, steps.shape(map).channels()));
        });
        for (Step step : steps.plan().steps()) {
            if (path.contains(step.value())) {
                List<PooledAffine> inputs = new ArrayList<>();
                step.inputs().forEach(input -> inputs.add(values.get(input)));
                try {
                    values.put(
                            step.value(),
                            AffineStep.folded(
                                    step,
                                    inputs,
                                    steps.shape(step.inputs().get(0)).rank() - 1));
                } catch (NotAffineException e) {
                    throw HeadRefusal.standsBetween(terms.of(step), readers.get(step.value()));
                }
            }
        }
        return values.get(logits);
    }
}
