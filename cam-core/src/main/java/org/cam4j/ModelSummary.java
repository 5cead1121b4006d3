package org.cam4j;

import java.util.List;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.OutputActivation;

/**
 * The parts that a mapper found in its network.
 *
 * @param model the file's name, or {@code DL4J graph}
 * @param inputHeight rows of the input
 * @param inputWidth columns of the input
 * @param inputChannels channels of the input
 * @param lastConvolution the last convolution's name; several names are joined by " + "
 * @param features the target layer, whose activations are mapped: by default the last layer with rows and columns; several names are
 *     joined by " + "
 * @param mapHeight rows of the maps
 * @param mapWidth columns of the maps
 * @param channels feature maps of the target layer
 * @param pooling the average pooling's name; several names are joined by " + "
 * @param head the name of the layer that gives the classes: the last dense layer or the layer that joins several, the convolution to
 *     classes, or the pooling if the pooled channels are the classes
 * @param isLinear whether the head is linear: then maps of all photos have the same weights, {@link ClassActivationMapper#denseWeights}.
 *     Maps add up exactly either way
 * @param activation the activation of the network's output
 * @param classes outputs of the head
 * @param parameters the number of weights of the whole network
 * @param notes layers that were dropped or rewritten when the file was read, one sentence each
 */
public record ModelSummary(
        String model,
        int inputHeight,
        int inputWidth,
        int inputChannels,
        String lastConvolution,
        String features,
        int mapHeight,
        int mapWidth,
        int channels,
        String pooling,
        String head,
        boolean isLinear,
        OutputActivation activation,
        int classes,
        long parameters,
        List<String> notes) {

    /** Copies the notes. */
    public ModelSummary {
        notes = List.copyOf(notes);
    }

    ModelSummary(String model, Classifier classifier, long parameters, List<String> notes) {
        this(
                model,
                classifier.plan().input().height(),
                classifier.plan().input().width(),
                classifier.plan().input().channels(),
                classifier.lastConvolution(),
                classifier.features(),
                classifier.featureShape().height(),
                classifier.featureShape().width(),
                classifier.featureShape().channels(),
                classifier.pooling(),
                classifier.head(),
                classifier.linearHead().isPresent(),
                classifier.activation(),
                classifier.classes(),
                parameters,
                notes);
    }
}
