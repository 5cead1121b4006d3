package org.cam4j.training;

import java.util.List;
import java.util.Map;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.ImportedModel;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Keras' VGG16 or VGG19 (Simonyan and Zisserman, ICLR 2015) without its fully connected layers, ready for a {@link GapHead}.
 *
 * <pre>{@code
 * ImportedModel vgg19 = KerasModels.load(Path.of("vgg19.h5"));                       // with or without top
 * ImportedModel same = KerasApplication.VGG19.withoutTop(Path.of("vgg19_..._notop.h5"));  // published weights alone
 * ComputationGraph network = VggGap.from(vgg19).afterLastConvolution(19).dropout(0.5).build();
 * }</pre>
 */
public final class VggGap {

    private static final String POOLING = "block5_pool";

    private final ComputationGraph graph;
    private final String convolution;

    private VggGap(ComputationGraph graph, String convolution) {
        this.graph = graph;
        this.convolution = convolution;
    }

    /**
     * Takes a network that was read with its weights.
     *
     * @param model VGG16 or VGG19, with top ({@code include_top=True}) or without, alone or as a part of a larger model
     * @return the network to be cut
     * @throws UnsupportedModelException if it is neither
     */
    public static VggGap from(ImportedModel model) {
        return from(model.graph());
    }

    /**
     * Takes a network that has the layer names of Keras' VGG16 or VGG19.
     *
     * @param graph initialised; not modified
     * @return the network to be cut
     * @throws UnsupportedModelException if it is neither
     */
    public static VggGap from(ComputationGraph graph) {
        Map<String, GraphVertex> vertices = graph.getConfiguration().getVertices();
        List<String> last = List.of("block5_conv4", "block5_conv3");
        String convolution = last.stream()
                .filter(vertices::containsKey)
                .findFirst()
                .orElseThrow(() -> new UnsupportedModelException("the network has neither of the layers " + last
                        + ": it is no VGG19 or VGG16 of Keras. For other networks name the layer: GapHead.on(graph, layer,"
                        + " classes)."));
        return new VggGap(graph, convolution);
    }

    /**
     * Cuts behind the last convolution: maps of 14x14 for images of 224x224, the blog's and the paper's.
     *
     * @param classes how many the new network tells apart
     * @return the head, to be built
     */
    public GapHead afterLastConvolution(int classes) {
        return GapHead.on(graph, convolution, classes);
    }

    /**
     * Cuts behind the last pooling: maps of 7x7 for images of 224x224.
     *
     * @param classes how many the new network tells apart
     * @return the head, to be built
     * @throws UnsupportedModelException if the network ends before its last pooling
     */
    public GapHead afterLastPooling(int classes) {
        if (!graph.getConfiguration().getVertices().containsKey(POOLING)) {
            throw new UnsupportedModelException(
                    "the network has no layer '" + POOLING + "': cut behind '" + convolution + "' instead.");
        }
        return GapHead.on(graph, POOLING, classes);
    }
}
