package org.cam4j.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.MapperBuilder;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.ImagePreparation;
import org.cam4j.training.export.KerasExport;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network that ends in global average pooling and one linear layer, with all that is needed to use it: what its classes are
 * called and how photos are prepared for it.
 *
 * <pre>{@code
 * GapNetwork animals = GapNetwork.fromKeras(Path.of("model.h5")).selectClasses("giant panda", "zebra", "lion");
 * animals.save(Path.of("animals.h5"));
 * }</pre>
 *
 * @param graph initialised; with one input and one output
 * @param labels one per class, in the order of the outputs
 * @param preparation the size of the input and how photos become it
 */
public record GapNetwork(ComputationGraph graph, Labels labels, ImagePreparation preparation) {

    /**
     * Finds the head.
     *
     * @throws IllegalArgumentException if there is not one label for each class
     * @throws org.cam4j.exception.UnsupportedModelException if the head is not linear
     */
    public GapNetwork {
        Objects.requireNonNull(preparation, "preparation");
        Classifier found = parts(graph, preparation).parts();
        int classes = found.isBinary() ? 1 : found.requireLinear().classes();
        if (labels.size() != classes) {
            throw new IllegalArgumentException("there are " + labels.size() + " labels for " + classes
                    + " classes: give one label per class, in the order of the outputs");
        }
    }

    /**
     * Reads a network from a Keras file, and preparation and labels from the JSON file beside it.
     *
     * @param model the file
     * @return the network
     * @throws ModelFileException if the file is missing, damaged or no Keras model
     * @throws UnsupportedModelException if a class activation map of it does not exist; put a {@link GapHead} on it first
     * @throws IllegalStateException if there is no JSON file that says how photos are prepared
     */
    public static GapNetwork fromKeras(Path model) {
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(model).keepGraph().build()) {
            return of(mapper);
        }
    }

    /**
     * The network of a mapper that was built with {@link MapperBuilder#keepGraph()}.
     *
     * @param mapper stays the caller's to close
     * @return the network; its graph is the mapper's
     * @throws IllegalStateException if the mapper does not know how photos are prepared, or did not keep its graph
     */
    public static GapNetwork of(ClassActivationMapper mapper) {
        ImagePreparation preparation = mapper.preparation()
                .orElseThrow(() -> new IllegalStateException("no preprocessing is set for '"
                        + mapper.summary().model() + "': give the preprocessing to the mapper's builder"));
        return new GapNetwork(mapper.graph(), mapper.labels(), preparation);
    }

    /**
     * Reads a network that {@link #save} wrote as a DL4J zip.
     *
     * @param zip the file
     * @return the network
     * @throws ModelFileException if it is missing, damaged, or no such file
     */
    public static GapNetwork load(Path zip) {
        return NetworkZip.read(zip);
    }

    /**
     * Builds a mapper of the network.
     *
     * @return a mapper, to be closed by its user
     */
    public ClassActivationMapper mapper() {
        return mapperBuilder().build();
    }

    /**
     * Starts to build a mapper of the network, to give it settings.
     *
     * @return a builder that knows size, preparation and labels
     */
    public MapperBuilder mapperBuilder() {
        return ClassActivationMapper.of(graph)
                .inputSize(preparation.height(), preparation.width())
                .preprocessing(preparation.preprocessing())
                .resize(preparation.interpolation())
                .fit(preparation.fit())
                .shortSide(preparation.shortSide())
                .labels(labels);
    }

    /**
     * A network that tells apart only some of the classes: their columns of the head's weights and their biases are kept, so that
     * their logits and maps stay what they are, and probabilities are shared among them alone.
     *
     * @param names the labels of the classes, in the new order
     * @return a new network; its last layers are a pooling and a dense layer of the old names
     * @throws IllegalArgumentException if a label is unknown, belongs to several classes, or is given twice
     */
    public GapNetwork selectClasses(String... names) {
        return selectClasses(Arrays.stream(names).mapToInt(labels::indexOf).toArray());
    }

    /**
     * A network that tells apart only some of the classes.
     *
     * @param indices the classes, in the new order, each in [0, classes)
     * @return a new network, as {@link #selectClasses(String...)} makes it
     * @throws IllegalArgumentException if an index is out of range or given twice, or there is none
     */
    public GapNetwork selectClasses(int... indices) {
        return selected(Activation.IDENTITY, indices);
    }

    /**
     * The same network with a head that DL4J can train, whatever its head is made of now. A network that gives logits becomes one
     * that gives probabilities.
     */
    GapNetwork trainable() {
        return selected(Activation.SOFTMAX, IntStream.range(0, labels.size()).toArray());
    }

    private static GapClassifier parts(ComputationGraph graph, ImagePreparation preparation) {
        return GapClassifier.find(graph, preparation.height(), preparation.width());
    }

    /** Adds the activation of a head that has none. */
    private GapNetwork selected(Activation otherwise, int... indices) {
        requireSelection(indices);
        GapClassifier classifier = parts(graph, preparation);
        String[] maps = classifier.mapNames().toArray(String[]::new);
        ComputationGraphConfiguration configuration = GraphCut.upTo(graph, maps);
        String features = GraphCut.joined(configuration, classifier.format(), maps);
        String pooling =
                GraphCut.free(configuration, classifier.parts().poolings().get(0));
        GraphCut.append(configuration, pooling, GapHead.pooling(classifier.format()), features);
        String head = GraphCut.free(configuration, classifier.parts().head());
        Activation activation =
                switch (classifier.parts().activation()) {
                    case SOFTMAX -> Activation.SOFTMAX;
                    case SIGMOID -> Activation.SIGMOID;
                    case NONE -> otherwise;
                };
        GraphCut.append(
                configuration,
                head,
                GapHead.dense(classifier.parts().requireLinear().channels(), indices.length, activation),
                pooling);

        ComputationGraph selected = GraphCut.built(configuration, graph, features);
        LinearHead linear = classifier.parts().requireLinear();
        INDArray weights = selected.getLayer(head).getParam("W");
        INDArray bias = selected.getLayer(head).getParam("b");
        for (int c = 0; c < indices.length; c++) {
            for (int k = 0; k < linear.channels(); k++) {
                weights.putScalar(k, c, linear.weights()[k * linear.classes() + indices[c]]);
            }
            bias.putScalar(c, linear.bias()[indices[c]]);
        }
        List<String> names = Arrays.stream(indices).mapToObj(labels::get).toList();
        return new GapNetwork(selected, Labels.of(names), preparation);
    }

    private void requireSelection(int[] indices) {
        if (indices.length == 0) {
            throw new IllegalArgumentException("no classes chosen: give at least one");
        }
        Set<Integer> seen = new HashSet<>();
        for (int index : indices) {
            Objects.checkIndex(index, labels.size());
            if (!seen.add(index)) {
                throw new IllegalArgumentException(
                        "class " + index + " ('" + labels.get(index) + "') is chosen twice: give each class once");
            }
        }
    }

    /**
     * The same network with other names.
     *
     * @param names one per class, in the order of the outputs
     * @return the network; its graph is this one's
     */
    public GapNetwork withLabels(Labels names) {
        return new GapNetwork(graph, names, preparation);
    }

    /**
     * A network for other classes: a new head, still to be trained, on the same features.
     *
     * @param names what its classes shall be called
     * @param seed where the random numbers of the new weights begin
     * @return a new network
     */
    public GapNetwork withNewHead(Labels names, long seed) {
        GapClassifier classifier = parts(graph, preparation);
        // Several maps are put together there, so that one head can stand on them.
        ComputationGraph base = classifier.parts().maps().size() == 1 ? graph : trainable().graph;
        String features = parts(base, preparation).mapNames().get(0);
        ComputationGraph headed =
                GapHead.on(base, features, names.size()).seed(seed).build();
        return new GapNetwork(headed, names, preparation);
    }

    /**
     * Writes the network as the file's ending says. {@code .zip}: DL4J's own, which {@code ModelSerializer} restores, with size,
     * preparation and labels in an entry {@code cam4j.json}. {@code .h5} or {@code .keras}: a Keras model, with a JSON file and a
     * labels file beside it from which {@link ClassActivationMapper#fromKeras(Path)} takes preparation and labels.
     *
     * @param file where to; written whole or not at all, an existing one is replaced
     * @throws UnsupportedModelException if Keras has no such layers; the message names them
     * @throws IllegalArgumentException if the ending is none of these
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public void save(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".zip")) {
            NetworkZip.write(this, file);
        } else if (name.endsWith(".h5") || name.endsWith(".keras")) {
            KerasExport.write(graph, preparation.height(), preparation.width(), file);
            NetworkSettings.writeBeside(this, file);
        } else {
            throw new IllegalArgumentException(
                    "'" + file + "' must end in .zip (DL4J), .h5 (Keras 2 and 3) or .keras (Keras 3)");
        }
    }
}
