package org.cam4j.plan.adjoint;

import java.util.List;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Gates;

/**
 * The way back from a plan's scores to the activations {@code A} of a layer, as another plan: reverse-mode differentiation (Griewank and
 * Walther, Evaluating Derivatives, 2008, chapter 3).
 *
 * <p>With a seed {@code s}, one weight for each score, the way back gives {@code G = ∂(Σ_c s_c · score_c)/∂A}. If gates are held, every
 * function between the layer and the scores counts as linear, with the factor that it has for this image, and
 *
 * <pre>{@code Σ_c s_c · score_c = Σ G · A + bias}</pre>
 *
 * exactly; the bias is what the biases of that part contribute, and values that do not depend on {@code A}. Rules for held gates: an
 * activation {@code φ} is {@code φ(0)} and the factor {@code (φ(z) - φ(0))/z}; the result of a softmax is constant; in a product, a factor
 * that is broadcast, or that comes out of a sigmoid, a softmax or a divisor, is constant, and two other factors share the product equally;
 * layer normalisation divides by a constant deviation; a maximum picks.
 *
 * @param forward the plan with its own outputs and the values that the way back reads, named as that plan's inputs
 * @param backward takes {@link #SEED} [scores] and those values; gives {@link #GRADIENT}, the size of {@code A}, and, if gates are held,
 *     {@link #BIAS} [1]
 */
public record Adjoint(InferencePlan forward, InferencePlan backward) {

    /** The input of the way back that holds the weight of each score. */
    public static final String SEED = "seed";

    /** The output of the way back that holds {@code G}. */
    public static final String GRADIENT = "gradient";

    /** The output of the way back that holds what the scores have without {@code A}. */
    public static final String BIAS = "bias";

    /** Begins the names of the outputs that {@link #withBiases} adds; a layer's name follows. */
    public static final String BIAS_OF = "bias of ";

    /**
     * Makes the way back. Neither plan is simplified yet; simplify both.
     *
     * @param plan any plan
     * @param from the number of the value that holds the scores
     * @param to the numbers of the values that make {@code A}: one, or several that are concatenated along their last axis
     * @param gates held or differentiated
     * @return the way forward with the values that are kept, and the way back
     * @throws IllegalArgumentException if the scores do not depend on {@code A}, or through a step that has no way back
     */
    public static Adjoint of(InferencePlan plan, int from, List<Integer> to, Gates gates) {
        InferencePlan unfused = UnfusedPlan.of(plan, Between.of(plan, from, to), to);
        return new ReverseWalk(unfused, from, to, gates, false).adjoint();
    }

    /**
     * Makes the way back with differentiated gates that also gives what each bias on the way contributes. Neither plan is simplified yet.
     *
     * @param plan any plan
     * @param from the number of the value that holds the scores
     * @param to the numbers of the values that make {@code A}, as for {@link #of}
     * @return ways whose way back has, besides {@link #GRADIENT}, an output {@link #BIAS_OF} of each layer with biases that are not all 0:
     *     {@code b ⊙ ∂(Σ_c s_c · score_c)/∂z}, the size of the sum {@code z} that the biases {@code b} are added to
     * @throws IllegalArgumentException if the scores do not depend on {@code A}, or through a step that has no way back
     */
    public static Adjoint withBiases(InferencePlan plan, int from, List<Integer> to) {
        InferencePlan unfused = UnfusedPlan.of(plan, Between.of(plan, from, to), to);
        return new ReverseWalk(unfused, from, to, Gates.DIFFERENTIATED, true).adjoint();
    }

    /**
     * Returns the values that the scores depend on by another way than through gates, which are held: not an attention mask, whose mean
     * divides what it weighs.
     *
     * @param plan any plan
     * @param from the number of the value that holds the scores
     * @param values the numbers of values before it
     * @return some of the values, in their order
     * @throws IllegalArgumentException if the scores depend on them through a step that has no way back
     */
    public static List<Integer> reached(InferencePlan plan, int from, List<Integer> values) {
        InferencePlan unfused = UnfusedPlan.of(plan, Between.of(plan, from, values), values);
        return new ReverseWalk(unfused, from, values, Gates.HELD, false).reached();
    }

    /**
     * Returns the names of the values that the way back reads besides the seed.
     *
     * @return outputs of the way forward, inputs of the way back
     */
    public List<String> kept() {
        return backward.inputs().keySet().stream()
                .filter(name -> !name.equals(SEED))
                .toList();
    }
}
