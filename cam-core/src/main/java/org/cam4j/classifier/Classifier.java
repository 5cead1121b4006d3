package org.cam4j.classifier;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * A network whose logits are an affine function of globally average-pooled feature maps: the networks for which class activation maps
 * exist (Zhou et al., CVPR 2016, section 2).
 *
 * <p>{@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c} with {@code A} the target layer's activations. The head is one of
 *
 * <ul>
 *   <li>a dense layer on the pooled features;
 *   <li>a 1x1 convolution before the pooling;
 *   <li>empty if the pooled channels are the classes: then {@code W} is the identity;
 *   <li>any sequence, sum and concatenation of linear layers, folded into {@code W} and {@code b}.
 * </ul>
 *
 * <p>If several feature maps of one size are pooled, {@code A} is their concatenation along the channels.
 *
 * @param plan computes {@code A} as {@link InferencePlan#FEATURES} and, by the network's own head, the scores as
 *     {@link InferencePlan#LOGITS}; not simplified yet
 * @param maps the pooled layers; {@code A} is the concatenation of their maps, in order
 * @param poolings the average poolings' names
 * @param head the name of the layer that gives the classes: the last dense layer or the layer that joins several, the convolution to
 *     classes, or the pooling if the head is empty
 * @param logits the name of the layer whose output, without its activation, is the logits
 * @param activation the activation of the network's output
 * @param linearHead {@code W} and {@code b}
 */
public record Classifier(
        InferencePlan plan,
        List<MappedLayer> maps,
        List<String> poolings,
        String head,
        String logits,
        OutputActivation activation,
        LinearHead linearHead) {

    private static final String JOINED = " + ";

    /** Checks that the head has the channels of the maps. */
    public Classifier {
        Objects.requireNonNull(plan, "plan");
        maps = List.copyOf(maps);
        poolings = List.copyOf(poolings);
        int channels = maps.stream().mapToInt(MappedLayer::channels).sum();
        if (linearHead.channels() != channels) {
            throw new IllegalArgumentException(
                    "weights of " + linearHead.channels() + " channels for maps of " + channels);
        }
    }

    /**
     * Finds the parts of a classifier in a plan.
     *
     * @param plan a plan for one image
     * @param output the name of the output that holds the classes' scores or probabilities
     * @param terms the layers' names in messages
     * @return the parts
     * @throws UnsupportedModelException if the network has no class activation map; the message names the layers that are in the way
     */
    public static Classifier find(InferencePlan plan, String output, LayerTerms terms) {
        return new ClassifierSearch(plan, terms).find(output);
    }

    /**
     * Returns the target layer, whose output is {@code A}.
     *
     * @return its name; several names are joined by " + "
     */
    public String features() {
        return names(maps.stream().map(MappedLayer::name).toList());
    }

    /**
     * Returns the convolution nearest to the pooling.
     *
     * @return its name; several names are joined by " + "
     */
    public String lastConvolution() {
        return maps.stream().map(MappedLayer::lastConvolution).distinct().collect(Collectors.joining(JOINED));
    }

    /**
     * Returns the average pooling.
     *
     * @return its name; several names are joined by " + "
     */
    public String pooling() {
        return names(poolings);
    }

    static String names(List<String> layers) {
        return String.join(JOINED, layers);
    }

    /**
     * Returns the shape of {@code A}.
     *
     * @return [h, w, k]
     */
    public Shape featureShape() {
        return plan.shape(plan.output(InferencePlan.FEATURES));
    }
}
