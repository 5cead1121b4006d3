package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;

/**
 * The blocks of a transformer in a plan. A block's attention is a softmax [h, t, t] that multiplies other tokens; its output is the last sum
 * before the next block's attention through which everything goes on.
 *
 * @param attention the steps of the softmaxes, in order
 * @param outputs numbers of the blocks' outputs, [t, d] each
 * @param tokens t
 */
record AttentionBlocks(List<Step> attention, List<Integer> outputs, int tokens) {

    /**
     * Finds the blocks.
     *
     * @param plan with the output LOGITS
     * @throws UnsupportedModelException if there are none, or if some attend otherwise than from every token to every token
     */
    static AttentionBlocks find(InferencePlan plan) {
        List<Step> attention =
                plan.steps().stream().filter(step -> isAttention(plan, step)).toList();
        if (attention.isEmpty()) {
            throw new UnsupportedModelException(
                    "the network has no attention, a softmax that multiplies tokens: choose a method of layers, such as cam");
        }
        List<Integer> sums = sumsOfAll(plan);
        List<Integer> outputs = new ArrayList<>();
        int tokens = plan.shape(attention.get(0).value()).channels();
        for (int i = 0; i < attention.size(); i++) {
            Step step = attention.get(i);
            int after = place(plan, step);
            int next = i + 1 < attention.size()
                    ? place(plan, attention.get(i + 1))
                    : plan.steps().size();
            Shape shape = plan.shape(step.value());
            if (shape.channels() != tokens || shape.width() != tokens) {
                throw unsupported(step, "attends from " + shape.width() + " tokens to " + shape.channels());
            }
            outputs.add(sums.stream()
                    .filter(value -> after < place(plan, value) && place(plan, value) < next)
                    .filter(value -> plan.shape(value).size()
                                    == tokens * plan.shape(value).channels()
                            && (outputs.isEmpty() || plan.shape(value).equals(plan.shape(outputs.get(0)))))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> unsupported(step, "is not followed by a sum of all " + tokens + " tokens")));
        }
        return new AttentionBlocks(attention, outputs, tokens);
    }

    private static UnsupportedModelException unsupported(Step step, String found) {
        return new UnsupportedModelException(
                "the attention of " + Quoted.of(step.name()) + " " + found
                        + ": expected blocks that all attend from every token to every token and add what they find. Choose a method of layers, such as cam.");
    }

    private static int place(InferencePlan plan, Step step) {
        return plan.steps().indexOf(step);
    }

    private static int place(InferencePlan plan, int value) {
        int place = 0;
        while (plan.steps().get(place).value() != value) {
            place++;
        }
        return place;
    }

    /** Whether a step is a softmax whose results are the first factor of a product. */
    private static boolean isAttention(InferencePlan plan, Step step) {
        return step.operation() instanceof Softmax
                && plan.shape(step.value()).rank() > 1
                && plan.shape(step.value()).channels() > 1
                && isFirstFactor(plan, step.value());
    }

    private static boolean isFirstFactor(InferencePlan plan, int value) {
        for (Step step : plan.steps()) {
            if (step.inputs().get(0) == value) {
                Operation operation = step.operation();
                boolean isReshaped = operation instanceof Reshape reshape
                        && reshape.shape().channels() == plan.shape(value).channels();
                if (operation instanceof MatMul || (isReshaped && isFirstFactor(plan, step.value()))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the sums that everything behind them comes from, in order. */
    private static List<Integer> sumsOfAll(InferencePlan plan) {
        Set<Integer> leading = Dependencies.leadingTo(plan, Set.of(plan.output(InferencePlan.LOGITS)));
        List<Step> steps = plan.steps().stream()
                .filter(step -> leading.contains(step.value()))
                .toList();
        // The last place at which a value is read.
        Map<Integer, Integer> read = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (int value : steps.get(i).inputs()) {
                read.put(value, i);
            }
        }
        List<Integer> sums = new ArrayList<>();
        int open = read.getOrDefault(InferencePlan.INPUT, -1);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (open <= i && step.operation() instanceof Elementwise sum && sum.kind() == Elementwise.Kind.ADD) {
                sums.add(step.value());
            }
            open = Math.max(open, read.getOrDefault(step.value(), i));
        }
        return sums;
    }

    /** The name of the output that holds the scores of a block. */
    static String scores(int block) {
        return "scores " + block;
    }

    /** Returns the plan with the head once more for each block, behind the mean of its tokens. */
    InferencePlan withScores(InferencePlan plan) {
        int last = outputs.get(outputs.size() - 1);
        int logits = plan.output(InferencePlan.LOGITS);
        Set<Integer> leading = Dependencies.leadingTo(plan, Set.of(logits), List.of(last));
        Set<Integer> depending = Dependencies.dependingOn(plan, List.of(last));
        List<Step> head = plan.steps().stream()
                .filter(step ->
                        step.value() != last && leading.contains(step.value()) && depending.contains(step.value()))
                .toList();
        List<Step> steps = new ArrayList<>(plan.steps());
        Map<String, Integer> scores = new LinkedHashMap<>(plan.outputs());
        for (int block = 0; block < outputs.size(); block++) {
            Map<Integer, Integer> numbers = new HashMap<>();
            numbers.put(last, addMean(plan, steps, plan.shape(last), outputs.get(block)));
            for (Step step : head) {
                List<Integer> inputs = step.inputs().stream()
                        .map(value -> numbers.getOrDefault(value, value))
                        .toList();
                numbers.put(step.value(), add(plan, steps, step.name(), step.operation(), inputs));
            }
            scores.put(scores(block), numbers.get(logits));
        }
        return new InferencePlan(plan.inputs(), steps, scores);
    }

    /** Adds the mean of all tokens in place of each of them. */
    private int addMean(InferencePlan plan, List<Step> steps, Shape shape, int output) {
        String name = "mean of tokens";
        int channels = shape.channels();
        int zeros = add(plan, steps, name, ScaleShift.uniform(channels, 0, 0), List.of(output));
        int image = add(plan, steps, name, new Reshape(new Shape(tokens, 1, channels)), List.of(output));
        int mean = add(plan, steps, name, new GlobalPooling(Pooling.Kind.AVERAGE), List.of(image));
        return add(plan, steps, name, new Elementwise(Elementwise.Kind.ADD), List.of(zeros, mean));
    }

    /** Adds a step to those of a plan; each added step takes one number. */
    private static int add(
            InferencePlan plan, List<Step> steps, String name, Operation operation, List<Integer> inputs) {
        int number = plan.freeValue() + steps.size() - plan.steps().size();
        steps.add(new Step(number, name, operation, inputs));
        return number;
    }
}
