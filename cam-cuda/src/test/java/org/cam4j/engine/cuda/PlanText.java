package org.cam4j.engine.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** A plan without its numbers as text, one step a line; the numbers are random ones. */
final class PlanText {

    private PlanText() {}

    static String of(InferencePlan plan) {
        StringBuilder text = new StringBuilder("input " + joined(plan.input().sizes()) + "\n");
        plan.outputs().forEach((name, value) -> text.append("output " + name + " " + value + "\n"));
        for (Step step : plan.steps()) {
            text.append("step " + step.value() + " " + step.inputs().size() + " ")
                    .append(step.inputs().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                    .append(" " + words(step.operation()) + "\n");
        }
        return text.toString();
    }

    private static String joined(int... numbers) {
        return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    private static String words(Operation operation) {
        if (operation instanceof Convolution c) {
            return "convolution " + words(c.window()) + " " + joined(c.inputs(), c.outputs(), c.groups()) + " "
                    + c.addsInput() + " " + words(c.activation());
        } else if (operation instanceof Dense d) {
            return "dense " + joined(d.inputs(), d.outputs()) + " " + words(d.activation());
        } else if (operation instanceof ScaleShift s) {
            return "scale " + s.scale().length + " " + words(s.activation());
        } else if (operation instanceof Elementwise e) {
            return "elementwise " + e.kind() + " " + words(e.activation());
        } else if (operation instanceof Activate a) {
            return "activate " + words(a.activation());
        } else if (operation instanceof Concatenate c) {
            return "concatenate " + c.axis();
        } else if (operation instanceof GlobalPooling g) {
            return "global " + g.kind();
        } else if (operation instanceof Pooling p) {
            return "pooling " + p.kind() + " " + words(p.window());
        } else if (operation instanceof Pad p) {
            return "pad " + words(p.padding());
        }
        throw new IllegalArgumentException(operation.describe() + " is in none of the networks that are timed");
    }

    private static String words(Window window) {
        return joined(
                        window.height(),
                        window.width(),
                        window.strideY(),
                        window.strideX(),
                        window.dilationY(),
                        window.dilationX())
                + " " + words(window.padding());
    }

    private static String words(Padding padding) {
        return joined(padding.top(), padding.bottom(), padding.left(), padding.right());
    }

    private static String words(Activation activation) {
        return activation.function() + " " + activation.alpha() + " " + activation.beta();
    }

    /** Reads a plan and gives it random numbers, the same ones for the same seed. */
    static InferencePlan read(Path file, long seed) throws IOException {
        Shape input = new Shape(1, 1, 1);
        Map<String, Integer> outputs = new TreeMap<>();
        List<Step> steps = new ArrayList<>();
        RandomNumbers numbers = new RandomNumbers(seed);
        for (String line : Files.readAllLines(file)) {
            Words words = new Words(new StringTokenizer(line));
            switch (words.word()) {
                case "input" -> input = new Shape(words.number(), words.number(), words.number());
                case "output" -> outputs.put(words.word(), words.number());
                default -> steps.add(step(words, numbers));
            }
        }
        return new InferencePlan(Map.of(InferencePlan.IMAGE, input), steps, outputs);
    }

    private static Step step(Words words, RandomNumbers numbers) {
        int value = words.number();
        List<Integer> inputs = new ArrayList<>();
        for (int i = words.number(); i > 0; i--) {
            inputs.add(words.number());
        }
        Operation operation = operation(words, numbers, inputs);
        numbers.made(value, operation, inputs);
        return new Step(value, "step " + value, operation, inputs);
    }

    private static Operation operation(Words words, RandomNumbers numbers, List<Integer> inputs) {
        return switch (words.word()) {
            case "convolution" ->
                numbers.convolution(
                        words.window(),
                        words.number(),
                        words.number(),
                        words.number(),
                        Boolean.parseBoolean(words.word()),
                        words.activation(),
                        inputs);
            case "dense" -> numbers.dense(words.number(), words.number(), words.activation());
            case "scale" -> numbers.scaleShift(words.number(), words.activation(), inputs);
            case "elementwise" -> new Elementwise(Elementwise.Kind.valueOf(words.word()), words.activation());
            case "activate" -> new Activate(words.activation());
            case "concatenate" -> new Concatenate(words.number());
            case "global" -> new GlobalPooling(Pooling.Kind.valueOf(words.word()));
            case "pooling" -> new Pooling(Pooling.Kind.valueOf(words.word()), words.window());
            default -> new Pad(words.padding());
        };
    }

    private record Words(StringTokenizer tokens) {
        String word() {
            return tokens.nextToken();
        }

        int number() {
            return Integer.parseInt(word());
        }

        Window window() {
            return new Window(number(), number(), number(), number(), number(), number(), padding());
        }

        Padding padding() {
            return new Padding(number(), number(), number(), number());
        }

        Activation activation() {
            return new Activation(
                    Activation.Function.valueOf(word()), Float.parseFloat(word()), Float.parseFloat(word()));
        }
    }
}
