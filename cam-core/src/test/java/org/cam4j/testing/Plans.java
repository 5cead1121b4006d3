package org.cam4j.testing;

import java.util.Map;
import java.util.Set;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jBatch;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Plans of classifiers with global average pooling and one dense layer, and what engines make of them. */
public final class Plans {

    /** What classifiers give. */
    public static final Set<String> OUTPUTS = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);

    private Plans() {}

    /** Ends a plan with its features alone. */
    public static InferencePlan features(PlanBuilder builder, int features) {
        return builder.build(Map.of(InferencePlan.FEATURES, features));
    }

    /** Ends a plan with pooling and a dense layer. */
    public static InferencePlan classifier(PlanBuilder builder, int features, LinearHead head) {
        int averages = builder.add("pooling", new GlobalPooling(Pooling.Kind.AVERAGE), features);
        int logits = builder.add("head", dense(head), averages);
        return builder.build(Map.of(InferencePlan.FEATURES, features, InferencePlan.LOGITS, logits));
    }

    /** Returns a head as an operation on averages: a dense layer without activation. */
    public static Dense dense(LinearHead head) {
        float[] transposed = new float[head.weights().length];
        for (int i = 0; i < transposed.length; i++) {
            transposed[i % head.classes() * head.channels() + i / head.classes()] = head.weights()[i];
        }
        return Dense.of(transposed, head.bias(), Activation.IDENTITY);
    }

    /** The dense layer that makes a plan's logits. */
    public static LinearHead head(InferencePlan plan) {
        int logits = plan.output(InferencePlan.LOGITS);
        Dense dense = (Dense) plan.steps().stream()
                .filter(step -> step.value() == logits)
                .map(Step::operation)
                .findFirst()
                .orElseThrow();
        float[] rows = dense.weights().values();
        float[] weights = new float[rows.length];
        for (int k = 0; k < dense.inputs(); k++) {
            for (int c = 0; c < dense.outputs(); c++) {
                weights[k * dense.outputs() + c] = rows[c * dense.inputs() + k];
            }
        }
        return new LinearHead(weights, dense.bias());
    }

    /** Runs images of the plan's size. */
    public static Activations run(Engine engine, InferencePlan plan, float[] images) {
        return run(
                engine,
                head(plan),
                images,
                plan.input().height(),
                plan.input().width(),
                plan.input().channels());
    }

    /** Runs images of any size. */
    public static Activations run(Engine engine, LinearHead head, float[] images, int height, int width, int channels) {
        return Activations.of(engine.run(Batch.of(images, new Shape(height, width, channels)), OUTPUTS), head);
    }

    /** Runs images in an ND4J array. */
    public static Activations run(Engine engine, LinearHead head, INDArray images) {
        return Activations.of(engine.run(new Nd4jBatch(images), OUTPUTS), head);
    }
}
