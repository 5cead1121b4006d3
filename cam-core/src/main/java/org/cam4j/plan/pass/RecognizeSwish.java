package org.cam4j.plan.pass;

import java.util.List;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Elementwise;

/** Finds the activations that models write as products: {@code x · sigmoid(x)} is swish, {@code x · hardSigmoid(x)} hard swish. */
final class RecognizeSwish implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (step.operation() instanceof Elementwise combine && combine.kind() == Elementwise.Kind.MULTIPLY) {
                recognize(editor, step, combine, 0);
                recognize(editor, step, combine, 1);
            }
        }
        return editor.plan();
    }

    private static void recognize(PlanEditor editor, Step product, Elementwise combine, int side) {
        int gated = product.inputs().get(1 - side);
        Optional<Step> gate = editor.maker(product.inputs().get(side))
                .filter(maker -> maker.operation() instanceof Activate
                        && maker.inputs().equals(List.of(gated))
                        && editor.isReadOnce(maker.value()));
        if (gate.isPresent() && combine.activation().isIdentity()) {
            function(((Activate) gate.get().operation()).activation()).ifPresent(found -> {
                editor.replace(product, product.with(new Activate(found)).reading(List.of(gated)));
                editor.remove(gate.get());
            });
        }
    }

    private static Optional<Activation> function(Activation gate) {
        return switch (gate.function()) {
            case SIGMOID -> Optional.of(Activation.SWISH);
            case HARD_SIGMOID -> Optional.of(new Activation(Activation.Function.HARD_SWISH, gate.alpha(), gate.beta()));
            default -> Optional.empty();
        };
    }
}
