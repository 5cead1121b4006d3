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
 * <p>{@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c} with {@code A} the target layer's activations. The head is a dense layer on
 * the pooled features, a 1x1 convolution before the pooling, nothing where the pooled channels are the classes (then {@code W} is
 * the identity), or any sequence, sum and concatenation of linear layers: {@code W} and {@code b} are what they fold into. Where
 * several feature maps of one size are pooled, {@code A} is their concatenation along the channels.
 *
 * @param plan computes {@code A} as {@link InferencePlan#FEATURES} and, by the network's own head, the scores as
 *     {@link InferencePlan#LOGITS}; not simplified yet
 * @param maps what is pooled; {@code A} is their concatenation, in order
 * @param poolings the average poolings' names
 * @param head the name of the layer that the classes belong to: the last dense layer or what joins several, the convolution to
 *     classes, or the pooling where there is none
 * @param logits the name of the layer whose output, with its activation taken off, are the logits
 * @param activation what the network does to its logits
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

    /** Checks that the weights are of the maps' channels. */
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
     * @param plan of one image
     * @param output the name of the output that holds the classes' scores or probabilities
     * @param terms what messages call the layers
     * @return its parts
     * @throws UnsupportedModelException if a class activation map of the network does not exist; the message names the layers that
     *     stand in the way
     */
    public static Classifier find(InferencePlan plan, String output, LayerTerms terms) {
        return new ClassifierSearch(plan, terms).find(output);
    }

    /**
     * The layer whose output is {@code A}.
     *
     * @return its name; several are joined by " + "
     */
    public String features() {
        return names(maps.stream().map(MappedLayer::name).toList());
    }

    /**
     * The convolution nearest to the pooling.
     *
     * @return its name; several are joined by " + "
     */
    public String lastConvolution() {
        return maps.stream().map(MappedLayer::lastConvolution).distinct().collect(Collectors.joining(JOINED));
    }

    /**
     * The average pooling.
     *
     * @return its name; several are joined by " + "
     */
    public String pooling() {
        return names(poolings);
    }

    static String names(List<String> layers) {
        return String.join(JOINED, layers);
    }

    /**
     * The size of {@code A}.
     *
     * @return [h, w, k]
     */
    public Shape featureShape() {
        return plan.shape(plan.output(InferencePlan.FEATURES));
    }
}
