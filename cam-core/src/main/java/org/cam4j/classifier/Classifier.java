package org.cam4j.classifier;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Shape;

/**
 * A network with a layer whose cells add up to each logit.
 *
 * <p>With a linear head, {@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c} with {@code A} the target layer's activations: the networks of
 * Zhou et al., CVPR 2016, section 2. The head is one of
 *
 * <ul>
 *   <li>a dense layer on the pooled features;
 *   <li>a 1x1 convolution before the pooling;
 *   <li>empty if the pooled channels are the classes: then {@code W} is the identity;
 *   <li>any sequence, sum and concatenation of linear layers, folded into {@code W} and {@code b}.
 * </ul>
 *
 * <p>With any other head, {@code logit_c = Σ G_c · A + bias_c} with the gates between layer and logits held ({@link Adjoint}); {@code G}
 * and bias are other ones for each image.
 *
 * <p>If several feature maps of one size are read, {@code A} is their concatenation along the channels.
 *
 * @param plan computes {@code A} as {@link InferencePlan#FEATURES} and, by the network's own head, the scores as
 *     {@link InferencePlan#LOGITS}; with a head that is not linear also the values that {@code backward} reads. Not simplified yet
 * @param maps the target layers; {@code A} is the concatenation of their maps, in order
 * @param poolings the names of the layers that make vectors of the maps
 * @param head the name of the layer that gives the classes: the last dense layer or the layer that joins several, the convolution to
 *     classes, or the pooling if the head is empty
 * @param logits the name of the layer whose output, without its activation, is the logits
 * @param activation the activation of the network's output
 * @param classes the number of logits
 * @param isBinary whether the network itself has one score {@code z} for two classes: then the logits are {@code -z} and {@code z}
 * @param linearHead {@code W} and {@code b}; empty if the head is not linear
 * @param backward the way back from the logits to {@code A}, not simplified yet; empty if the head is linear
 */
public record Classifier(
        InferencePlan plan,
        List<MappedLayer> maps,
        List<String> poolings,
        String head,
        String logits,
        OutputActivation activation,
        int classes,
        boolean isBinary,
        Optional<LinearHead> linearHead,
        Optional<InferencePlan> backward) {

    private static final String JOINED = " + ";

    /** Checks that a linear head has the channels of the maps, and that there is one way to the maps. */
    public Classifier {
        Objects.requireNonNull(plan, "plan");
        maps = List.copyOf(maps);
        poolings = List.copyOf(poolings);
        int channels = maps.stream().mapToInt(MappedLayer::channels).sum();
        if (linearHead.isPresent() && linearHead.get().channels() != channels) {
            throw new IllegalArgumentException(
                    "weights of " + linearHead.get().channels() + " channels for maps of " + channels);
        }
        if (linearHead.isPresent() == backward.isPresent()) {
            throw new IllegalArgumentException("expected either a linear head or a way back");
        }
    }

    /**
     * Finds the parts of a classifier in a plan.
     *
     * @param plan a plan for one image
     * @param output the name of the output that holds the classes' scores or probabilities
     * @param terms the layers' names in messages
     * @param layer the name of the target layer; empty for the last layer that has cells
     * @return the parts
     * @throws UnsupportedModelException if there is no such layer, or no map of the network adds up; the message names the layers that
     *     are in the way
     */
    public static Classifier find(InferencePlan plan, String output, LayerTerms terms, Optional<String> layer) {
        return find(plan, output, terms, layer, value -> true);
    }

    /**
     * Finds the parts of a classifier in a plan, with a target layer whose cells have places in the image where there is one.
     *
     * @param plan a plan for one image
     * @param output the name of the output that holds the classes' scores or probabilities
     * @param terms the layers' names in messages
     * @param layer the name of the target layer; empty for the last layer that has cells
     * @param hasPlace whether the cells of one of the plan's values lie somewhere in the image
     * @return the parts
     * @throws UnsupportedModelException if there is no such layer, or no map of the network adds up; the message names the layers that
     *     are in the way
     */
    public static Classifier find(
            InferencePlan plan, String output, LayerTerms terms, Optional<String> layer, IntPredicate hasPlace) {
        return new ClassifierSearch(plan, terms, hasPlace).find(output, layer);
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
     * Returns the layer that makes a vector of the maps, most often an average pooling.
     *
     * @return its name; several names are joined by " + "
     */
    public String pooling() {
        return names(poolings);
    }

    /**
     * Returns the weights of a linear head.
     *
     * @return {@code W} and {@code b}
     * @throws UnsupportedModelException if the head is not linear
     */
    public LinearHead requireLinear() {
        return linearHead.orElseThrow(() -> new UnsupportedModelException("the head '" + head
                + "' is not linear: between '" + features() + "' and the classes lie activations or other layers that"
                + " no single matrix stands for. Take a network with average pooling and one dense layer."));
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
