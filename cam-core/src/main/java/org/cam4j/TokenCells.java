package org.cam4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.LayerTerms;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.image.TokenGrid;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;

/**
 * Makes cells of a transformer's tokens: the plan takes the tokens [t, d] of its target layer apart into the cells of an image
 * [rows, columns, d] and the others, such as a class token, and puts them together again. Maps are of the cells; what the other tokens
 * contribute to a score is part of the bias, evidence in no place.
 */
final class TokenCells {

    private final InferencePlan plan;
    private final List<Step> steps = new ArrayList<>();
    private int next;

    private TokenCells(InferencePlan plan) {
        this.plan = plan;
        this.next = plan.freeValue();
    }

    /**
     * Finds a classifier, with cells where the target layer has tokens.
     *
     * @param plan the network
     * @param output the name of the output to explain
     * @param layer the name of the target layer; empty for the last one with cells
     */
    static Classifier find(InferencePlan plan, String output, Optional<String> layer) {
        Classifier found =
                Classifier.find(plan, output, LayerTerms.OPERATIONS, layer, ReceptiveFields.placed(plan)::contains);
        Optional<TokenGrid> tokens = found.maps().size() == 1 ? ReceptiveFields.tokens(found.plan()) : Optional.empty();
        if (tokens.isEmpty()) {
            return found;
        }
        int value = found.maps().get(0).value();
        String name = name(plan, value);
        InferencePlan withCells = new TokenCells(plan).apart(value, name, tokens.get());
        return Classifier.find(withCells, output, LayerTerms.OPERATIONS, Optional.of(name));
    }

    /** Returns the name of the layer that made the tokens; a layer is found by the last step of its name. */
    private static String name(InferencePlan plan, int value) {
        Step maker = maker(plan, value);
        while (maker.operation() instanceof Reshape
                && !plan.isInput(maker.inputs().get(0))) {
            maker = maker(plan, maker.inputs().get(0));
        }
        String name = maker.name();
        boolean isLast = plan.steps().stream()
                .dropWhile(step -> step.value() != value)
                .skip(1)
                .noneMatch(step -> step.name().equals(name));
        return isLast ? name : name + " (cells)";
    }

    private static Step maker(InferencePlan plan, int value) {
        return plan.steps().stream()
                .filter(step -> step.value() == value)
                .findFirst()
                .orElseThrow();
    }

    private InferencePlan apart(int value, String name, TokenGrid grid) {
        Shape shape = plan.shape(value);
        int whole = -1;
        for (Step step : plan.steps()) {
            steps.add(whole < 0 ? step : step.reading(replaced(step.inputs(), value, whole)));
            if (step.value() == value) {
                whole = joined(value, shape, name, grid);
            }
        }
        Map<String, Integer> outputs = new HashMap<>(plan.outputs());
        int together = whole;
        outputs.replaceAll((output, read) -> read == value ? together : read);
        return new InferencePlan(plan.inputs(), steps, outputs);
    }

    private static List<Integer> replaced(List<Integer> inputs, int value, int other) {
        return inputs.stream().map(input -> input == value ? other : input).toList();
    }

    /** Adds the steps that take tokens apart and put them together; only the cells carry the layer's name. */
    private int joined(int value, Shape shape, String name, TokenGrid grid) {
        String others = name + " (tokens)";
        int channels = shape.channels();
        int count = shape.size() / channels;
        int cells = grid.rows() * grid.columns();
        int tokens = add(others, new Reshape(new Shape(count, channels)), value);
        int behind = count - grid.prefix() - cells;
        int ofCells = cells == count ? tokens : add(others, new Slice(0, grid.prefix(), cells), tokens);
        int image = add(name, new Reshape(new Shape(grid.rows(), grid.columns(), channels)), ofCells);
        List<Integer> parts = new ArrayList<>();
        if (grid.prefix() > 0) {
            parts.add(add(others, new Slice(0, 0, grid.prefix()), tokens));
        }
        parts.add(add(others, new Reshape(new Shape(cells, channels)), image));
        if (behind > 0) {
            parts.add(add(others, new Slice(0, count - behind, behind), tokens));
        }
        int together = parts.size() == 1 ? parts.get(0) : add(others, new Concatenate(0), parts);
        return add(others, new Reshape(shape), together);
    }

    private int add(String name, Operation operation, int input) {
        return add(name, operation, List.of(input));
    }

    private int add(String name, Operation operation, List<Integer> inputs) {
        steps.add(new Step(next, name, operation, inputs));
        return next++;
    }
}
