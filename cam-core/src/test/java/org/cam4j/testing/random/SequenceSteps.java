package org.cam4j.testing.random;

import java.util.List;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;

/** Steps of a random plan that are of transformers: dense layers, matrix products and attention. */
final class SequenceSteps {

    private final RandomPlan plan;

    /** With {@code plan} what the steps are added to, by the choices of its current step. */
    SequenceSteps(RandomPlan plan) {
        this.plan = plan;
    }

    /** A dense layer on any value. */
    void dense(int source) {
        int inputs = plan.shape(source).channels();
        int outputs = Math.max(1, Math.min(plan.choice(Choice.OUTPUTS), RandomPlan.MOST_WEIGHTS / inputs));
        plan.add(dense(inputs, outputs, plan.choices().activation()), source);
    }

    private Dense dense(int inputs, int outputs, Activation activation) {
        return Dense.of(
                plan.choices().numbers(inputs * outputs, 2 / Math.sqrt(inputs)),
                plan.choices().numbers(outputs, 0.5),
                activation);
    }

    /** With a value that fits, which the source itself does as its own transpose. */
    void multiply(int source) {
        boolean transposes = plan.choice(Choice.VARIANT) % 2 == 0;
        MatMul product = new MatMul(transposes);
        List<Integer> fitting = plan.values(other -> {
            try {
                return product.output(List.of(plan.shape(source), other)).size() > 0;
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
        if (!fitting.isEmpty()) {
            plan.add(product, source, plan.choices().chosen(fitting));
        }
    }

    /** Adds a step without which the ones after it make no sense. */
    private int added(Operation operation, int... inputs) {
        if (!plan.add(operation, inputs)) {
            throw new RandomPlan.TooLarge();
        }
        return plan.last();
    }

    /** Of any value's cells. */
    void attend(int source) {
        Shape shape = RandomSequences.tokens(plan.shape(source));
        int heads = 1 + plan.choice(Choice.GROUPS) % 3;
        int depth = 1 + plan.choice(Choice.OUTPUTS) % 16;
        int width = heads * depth;
        if ((long) shape.channels() * 3 * width > RandomPlan.MOST_WEIGHTS) {
            throw new RandomPlan.TooLarge();
        }
        int tokens = shape.equals(plan.shape(source)) ? source : added(new Reshape(shape), source);
        int[] parts = new int[3];
        if (plan.choice(Choice.VARIANT) % 2 == 0) {
            int joined = added(dense(shape.channels(), 3 * width, Activation.IDENTITY), tokens);
            for (int i = 0; i < parts.length; i++) {
                parts[i] = added(new Slice(1, i * width, width), joined);
            }
        } else {
            for (int i = 0; i < parts.length; i++) {
                parts[i] = added(dense(shape.channels(), width, Activation.IDENTITY), tokens);
            }
        }
        for (int i = 0; heads > 1 && i < parts.length; i++) {
            int split = added(new Reshape(new Shape(shape.size(0), heads, depth)), parts[i]);
            parts[i] = added(Transpose.of(1, 0, 2), split);
        }
        int products = added(new MatMul(true), parts[0], parts[1]);
        float scale = (float) (1 / Math.sqrt(depth));
        int scaled = added(ScaleShift.uniform(plan.shape(products).channels(), scale, 0), products);
        int mixed = added(new MatMul(false), added(new Softmax(), scaled), parts[2]);
        if (heads > 1) {
            mixed = added(new Reshape(new Shape(shape.size(0), width)), added(Transpose.of(1, 0, 2), mixed));
        }
        int result = added(dense(width, shape.channels(), Activation.IDENTITY), mixed);
        plan.add(new Elementwise(Elementwise.Kind.ADD), result, tokens);
    }
}
