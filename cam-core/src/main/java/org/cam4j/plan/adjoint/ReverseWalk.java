package org.cam4j.plan.adjoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/** Walks a plan's steps from the last to the first and passes gradients on to what they read. Not thread-safe. */
final class ReverseWalk {

    private final InferencePlan plan;
    private final Gates gates;
    private final List<Integer> to;
    private final Between part;
    private final int from;
    private final BackwardPlan backward = new BackwardPlan();
    private final Map<Integer, Step> makers = new HashMap<>();
    /** The gradient of each value so far, in the way back. */
    private final Map<Integer, Integer> gradients = new HashMap<>();
    /** Parts of the bias, in the way back. */
    private final List<Integer> biases = new ArrayList<>();
    /** Values of the plan that the way back reads, by the names of its inputs. */
    private final Map<String, Integer> kept = new LinkedHashMap<>();
    /** What the biases of each layer contribute, by the names of the outputs of the way back; empty if that is not wanted. */
    private final Optional<Map<String, Integer>> biasesOfLayers;

    ReverseWalk(InferencePlan plan, int from, List<Integer> to, Gates gates, boolean wantsBiasesOfLayers) {
        this.plan = plan;
        this.gates = gates;
        this.to = List.copyOf(to);
        this.part = Between.of(plan, from, to);
        this.from = from;
        this.biasesOfLayers = wantsBiasesOfLayers ? Optional.of(new TreeMap<>()) : Optional.empty();
        plan.steps().forEach(step -> makers.put(step.value(), step));
    }

    Adjoint adjoint() {
        walk();
        Map<String, Integer> outputs = new TreeMap<>();
        outputs.put(Adjoint.GRADIENT, gradient());
        if (gates == Gates.HELD) {
            outputs.put(Adjoint.BIAS, bias());
        }
        biasesOfLayers.ifPresent(outputs::putAll);
        Map<String, Integer> forward = new TreeMap<>(plan.outputs());
        forward.putAll(kept);
        return new Adjoint(plan.withOutputs(forward), backward.build(outputs));
    }

    /** Returns those of the layers that gradients reach. */
    List<Integer> reached() {
        walk();
        return to.stream().filter(gradients::containsKey).toList();
    }

    private void walk() {
        gradients.put(from, backward.input(Adjoint.SEED, plan.shape(from)));
        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            Step step = plan.steps().get(i);
            Integer gradient = gradients.get(step.value());
            if (gradient != null && !to.contains(step.value())) {
                backward.walks(step);
                step.operation().accept(new StepBack(this, step, gradient));
            }
        }
    }

    private int gradient() {
        for (int value : to) {
            if (!gradients.containsKey(value)) {
                throw new IllegalArgumentException("the scores depend on the layer '"
                        + (makers.containsKey(value) ? makers.get(value).name() : "input")
                        + "' through gates alone, which are held");
            }
        }
        int[] all = to.stream().mapToInt(gradients::get).toArray();
        return all.length == 1
                ? all[0]
                : backward.add(new Concatenate(plan.shape(to.get(0)).rank() - 1), all);
    }

    private int bias() {
        return biases.isEmpty()
                ? backward.total(backward.scaled(gradients.get(from), 0), BackwardPlan.ones(channels(from)))
                : backward.sum(biases);
    }

    private int channels(int value) {
        return plan.shape(value).channels();
    }

    // ---- what steps ask for ----

    BackwardPlan backward() {
        return backward;
    }

    boolean holdsGates() {
        return gates == Gates.HELD;
    }

    Gates gates() {
        return gates;
    }

    Shape shape(int value) {
        return plan.shape(value);
    }

    /** Whether a value depends on the layer. */
    boolean isOnTheWay(int value) {
        return part.contains(value);
    }

    /** Returns the step that computes a value; null for an input. */
    Step maker(int value) {
        return makers.get(value);
    }

    /** Returns a value of the way forward as an input of the way back. */
    int kept(int value) {
        String name = "kept " + value;
        kept.put(name, value);
        return backward.input(name, plan.shape(value));
    }

    /** Adds a gradient of a value; what does not depend on the layer is a part of the bias. */
    void give(int value, int gradient) {
        if (part.contains(value)) {
            gradients.merge(value, gradient, backward::sum);
        } else if (holdsGates()) {
            addBias(backward.total(backward.product(gradient, kept(value)), BackwardPlan.ones(channels(value))));
        }
    }

    /** Adds what the biases of a step contribute, where that is wanted; {@code gradient} is that of the sum they are added to. */
    void addBiases(Step step, int gradient, float... bias) {
        if (!hasBias(bias)) {
            return;
        }
        if (holdsGates()) {
            addBias(backward.total(gradient, bias));
        }
        biasesOfLayers.ifPresent(all -> {
            String name = Adjoint.BIAS_OF + step.name();
            int part = backward.add(new ScaleShift(bias, new float[bias.length], Activation.IDENTITY), gradient);
            if (all.putIfAbsent(name, part) != null) {
                all.put(name + " (" + step.value() + ")", part);
            }
        });
    }

    private static boolean hasBias(float... bias) {
        for (float number : bias) {
            if (number != 0) {
                return true;
            }
        }
        return false;
    }

    /** Adds a part of the bias, [1]. */
    void addBias(int number) {
        biases.add(number);
    }
}
