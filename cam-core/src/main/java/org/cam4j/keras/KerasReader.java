package org.cam4j.keras;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.dl4j.graph.TemporaryThreads;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.build.GraphAssembly;
import org.cam4j.keras.build.Notes;
import org.cam4j.keras.config.Architecture;
import org.cam4j.keras.config.ConfigReader;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.ModelInlining;
import org.cam4j.keras.config.ModelTree;
import org.cam4j.keras.config.Quantization;
import org.cam4j.keras.file.Blame;
import org.cam4j.keras.file.FileFormat;
import org.cam4j.keras.file.FileLimits;
import org.cam4j.keras.file.KerasArchive;
import org.cam4j.keras.kind.LayerKinds;
import org.cam4j.keras.rewrite.ActivationLayers;
import org.cam4j.keras.rewrite.AspectRatios;
import org.cam4j.keras.rewrite.ChannelsLast;
import org.cam4j.keras.rewrite.EquivalentLayers;
import org.cam4j.keras.rewrite.IdleLayers;
import org.cam4j.keras.rewrite.Keras3Activations;
import org.cam4j.keras.rewrite.Operations;
import org.cam4j.keras.rewrite.PooledPoints;
import org.cam4j.keras.rewrite.PooledReshapes;
import org.cam4j.keras.rewrite.PreprocessInput;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads Keras models with settings of its own: limits, which of several outputs is wanted, and where the weights are.
 *
 * <p>Immutable; every {@code with} gives another reader. {@link KerasModels} reads with the standard settings.
 *
 * <pre>{@code
 * ComputationGraph graph = KerasModels.reader().withOutput("species").read(Path.of("animals.keras"));
 * }</pre>
 */
public final class KerasReader {

    static final KerasReader STANDARD = new KerasReader(
            ReadLimits.standard(), CustomLayers.none(), Optional.empty(), OptionalInt.empty(), Optional.empty());

    private final ReadLimits limits;
    private final CustomLayers custom;
    private final Optional<String> outputName;
    private final OptionalInt outputIndex;
    private final Optional<Path> weights;

    private KerasReader(
            ReadLimits limits,
            CustomLayers custom,
            Optional<String> outputName,
            OptionalInt outputIndex,
            Optional<Path> weights) {
        this.limits = limits;
        this.custom = custom;
        this.outputName = outputName;
        this.outputIndex = outputIndex;
        this.weights = weights;
    }

    /**
     * Other limits.
     *
     * @param limits how much of a file is read before it is taken for hostile
     * @return a reader with them
     */
    public KerasReader withLimits(ReadLimits limits) {
        return new KerasReader(Objects.requireNonNull(limits, "limits"), custom, outputName, outputIndex, weights);
    }

    /**
     * A layer of the application's own, or what a {@code Lambda} does, whose Python code is never run.
     *
     * @param name the registered class, with its package ({@code zoo>Wobble}) or without, or the name of one layer of the model
     * @param layer what it is; often {@link CustomLayer#like} says it
     * @return a reader that knows it
     */
    public KerasReader withLayer(String name, CustomLayer layer) {
        return new KerasReader(limits, custom.withLayer(name, layer), outputName, outputIndex, weights);
    }

    /**
     * One of several outputs; what only the others need is left out.
     *
     * @param layer the name of the layer that makes it
     * @return a reader of that output
     */
    public KerasReader withOutput(String layer) {
        return new KerasReader(limits, custom, Optional.of(layer), OptionalInt.empty(), weights);
    }

    /**
     * One of several outputs; what only the others need is left out.
     *
     * @param index its place among the model's outputs, from 0
     * @return a reader of that output
     */
    public KerasReader withOutput(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("output " + index + ": outputs are counted from 0");
        }
        return new KerasReader(limits, custom, Optional.empty(), OptionalInt.of(index), weights);
    }

    /**
     * Weights from a file of their own, in place of the model's: a checkpoint of {@code model.save_weights(...)}, or another model of
     * the same architecture. The model itself may then also be the JSON of {@code model.to_json()}.
     *
     * <pre>{@code
     * KerasModels.reader().withWeights(Path.of("epoch-12.weights.h5")).read(Path.of("animals.json"));
     * }</pre>
     *
     * @param file a {@code .weights.h5}, {@code .h5} or {@code .keras} file; read with every model
     * @return a reader that takes the weights from there
     */
    public KerasReader withWeights(Path file) {
        return new KerasReader(limits, custom, outputName, outputIndex, Optional.of(file));
    }

    /**
     * Reads a model with its weights.
     *
     * @param file a model saved with {@code model.save(...)}
     * @return the graph, as {@link KerasModels#read(Path)} describes it
     * @throws ModelFileException if the file is missing, damaged, beyond the limits, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public ComputationGraph read(Path file) {
        return load(file).graph();
    }

    /**
     * Reads a model with its weights and what a DL4J graph does not keep.
     *
     * @param file a model saved with {@code model.save(...)}
     * @return the graph, the size of its input, its outputs, and what was dropped or rewritten
     * @throws ModelFileException if the file is missing, damaged, beyond the limits, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public ImportedModel load(Path file) {
        Objects.requireNonNull(file, "file");
        return Blame.on(
                named("Keras file '" + file + "'"), () -> load(file, FileFormat::open, FileFormat::architecture));
    }

    /**
     * Reads a model from a stream, such as a resource of the classpath.
     *
     * @param stream the bytes of a file; read to its end, not closed
     * @return as from a file
     * @throws ModelFileException if it is damaged, beyond the limits, no Keras model, or cannot be read
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public ImportedModel load(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        return Blame.on(named("Keras model from a stream"), () -> loadBytes(content(stream)));
    }

    /**
     * Reads a model in memory.
     *
     * @param bytes the bytes of a file; not modified
     * @return as from a file
     * @throws ModelFileException if it is damaged, beyond the limits, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public ImportedModel load(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return Blame.on(named("Keras model in memory"), () -> loadBytes(bytes));
    }

    private byte[] content(InputStream stream) throws IOException {
        byte[] content = stream.readNBytes(limits.fileBytes());
        if (content.length == limits.fileBytes() && stream.read() >= 0) {
            throw new ModelFileException("it has more than the " + limits.fileBytes()
                    + " bytes that are read from a stream. If it is sound, raise the limit.");
        }
        return content;
    }

    /** How messages call a model. */
    private String named(String model) {
        return model
                + weights.map(file -> " with the weights of '" + file + "'").orElse("");
    }

    /** A way to read what {@code S} holds. */
    @FunctionalInterface
    private interface Opening<S, T> {
        T read(S source, FileLimits limits) throws IOException;
    }

    private ImportedModel loadBytes(byte[] bytes) throws IOException {
        return load(ByteBuffer.wrap(bytes), FileFormat::open, FileFormat::architecture);
    }

    private <S> ImportedModel load(S source, Opening<S, KerasArchive> model, Opening<S, Architecture> architecture)
            throws IOException {
        if (weights.isPresent()) {
            return load(architecture.read(source, limits.files()), weights.get());
        }
        try (KerasArchive archive = model.read(source, limits.files())) {
            return load(archive.architecture(), archive);
        }
    }

    /** Reads a model whose weights are in a file of their own. */
    ImportedModel load(Architecture architecture, Path weights) throws IOException {
        try (KerasArchive archive = FileFormat.open(weights, limits.files())) {
            return load(architecture, archive);
        }
    }

    private ImportedModel load(Architecture architecture, KerasArchive archive) {
        requireKnownVersion(architecture);
        ModelTree tree = ConfigReader.read(
                architecture, archive.layerNames(), limits.config(), LayerKinds::isLayerWithoutSettings);
        LayerGraph flat = chosen(ModelInlining.of(tree, limits.layers()));
        Quantization.requireNone(flat);
        LayerGraph apart = ActivationLayers.apart(flat);
        LayerGraph supplied = custom.in(Keras3Activations.named(apart, architecture.kerasVersion()));
        LayerGraph layers = Operations.asLayers(PreprocessInput.asLayers(supplied));
        CheckedModel network = simplified(CheckedModel.of(ChannelsLast.rewritten(layers), archive, limits.weights()));
        List<String> outputs = network.graph().outputs();
        if (new HashSet<>(outputs).size() < outputs.size()) {
            throw new UnsupportedModelException(
                    "two outputs of the model " + flat.outputs() + " are the same at inference: choose one of them.");
        }
        return ImportedModel.of(
                TemporaryThreads.run(() -> GraphAssembly.assembled(network)),
                network,
                layers,
                flat.outputs(),
                Notes.of(flat, network.graph()));
    }

    /** Without the layers that no output needs: DL4J does not end cleanly on them. */
    private LayerGraph chosen(LayerGraph graph) {
        if (outputName.isEmpty() && outputIndex.isEmpty()) {
            return graph.withOutputs(graph.outputs());
        }
        List<String> outputs = graph.outputs();
        int index = outputName.map(outputs::indexOf).orElseGet(outputIndex::getAsInt);
        if (index < 0 || index >= outputs.size()) {
            throw new UnsupportedModelException("it has no output "
                    + outputName.map(Quoted::of).orElseGet(() -> String.valueOf(outputIndex.getAsInt())) + ", only "
                    + outputs
                    + ": choose one of them by name, or by its place from 0.");
        }
        return graph.withOutputs(List.of(outputs.get(index)));
    }

    /** Flattening what pooling made a vector is idle too, and is dropped in the second turn. */
    private static CheckedModel simplified(CheckedModel network) {
        CheckedModel plain = EquivalentLayers.rewritten(AspectRatios.spelledOut(network));
        CheckedModel busy = PooledReshapes.seenThrough(IdleLayers.dropped(plain));
        return IdleLayers.dropped(PooledPoints.asVectors(busy));
    }

    private static void requireKnownVersion(Architecture architecture) {
        String version = architecture.kerasVersion().orElse("3");
        if (!version.matches("[123](\\..*)?")) {
            throw new ModelFileException("Keras " + Quoted.cut(version)
                    + " wrote it, expected Keras 1, 2 or 3: load the" + " model there and save it again.");
        }
    }
}
