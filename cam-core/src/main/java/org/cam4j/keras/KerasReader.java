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
import org.cam4j.file.OpenedFile;
import org.cam4j.keras.build.AssembledGraph;
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
 * Reads Keras models with chosen settings: limits, custom layers, one of several outputs, and a separate file of weights.
 *
 * <p>Immutable; every {@code with} method returns another reader. {@link KerasModels} reads with the standard settings.
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
     * Sets the limits. Defaults to {@link ReadLimits#standard()}.
     *
     * @param limits how much of a file is read before the file is refused as hostile
     * @return a reader with these limits
     */
    public KerasReader withLimits(ReadLimits limits) {
        return new KerasReader(Objects.requireNonNull(limits, "limits"), custom, outputName, outputIndex, weights);
    }

    /**
     * Adds a custom layer, or describes a {@code Lambda}, whose Python code is never run.
     *
     * @param name the registered class, with its package ({@code zoo>Wobble}) or without, or the name of one layer of the model
     * @param layer describes the layer; {@link CustomLayer#like} suffices if one of Keras' layers computes the same
     * @return a reader with the layer added
     */
    public KerasReader withLayer(String name, CustomLayer layer) {
        return new KerasReader(limits, custom.withLayer(name, layer), outputName, outputIndex, weights);
    }

    /**
     * Chooses one of several outputs by name; layers that only the others need are dropped.
     *
     * @param layer the name of the layer that computes the output
     * @return a reader of that output
     */
    public KerasReader withOutput(String layer) {
        return new KerasReader(limits, custom, Optional.of(layer), OptionalInt.empty(), weights);
    }

    /**
     * Chooses one of several outputs by place; layers that only the others need are dropped.
     *
     * @param index the output's place among the model's outputs, from 0
     * @return a reader of that output
     */
    public KerasReader withOutput(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("output " + index + ": outputs are counted from 0");
        }
        return new KerasReader(limits, custom, Optional.empty(), OptionalInt.of(index), weights);
    }

    /**
     * Takes the weights from another file: a checkpoint of {@code model.save_weights(...)}, or a model of the same architecture. The
     * model itself may then also be the JSON of {@code model.to_json()}.
     *
     * <pre>{@code
     * KerasModels.reader().withWeights(Path.of("epoch-12.weights.h5")).read(Path.of("animals.json"));
     * }</pre>
     *
     * @param file a {@code .weights.h5}, {@code .h5} or {@code .keras} file; read again with every model
     * @return a reader that takes the weights from this file
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
        return map(file).imported();
    }

    /**
     * Reads a model whose weights can be read from the file again. Internal: the file stays mapped as long as its weights are in use.
     *
     * @param file as for {@link #load(Path)}
     * @return the model and its weights in the file
     * @throws ModelFileException if the file is missing, damaged, beyond the limits, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public MappedModel map(Path file) {
        Objects.requireNonNull(file, "file");
        return Blame.on(
                named("Keras file '" + file + "'"),
                () -> load(file, Optional.of(file), FileFormat::open, FileFormat::architecture));
    }

    /**
     * Reads a model from a stream, such as a resource of the classpath.
     *
     * @param stream the bytes of a file; read to its end, not closed
     * @return the model, as {@link #load(Path)} returns it
     * @throws ModelFileException if the bytes are damaged, beyond the limits, no Keras model, or cannot be read
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public ImportedModel load(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        return Blame.on(named("Keras model from a stream"), () -> loadBytes(limits.content(stream)));
    }

    /**
     * Reads a model from memory.
     *
     * @param bytes the bytes of a file; not modified
     * @return the model, as {@link #load(Path)} returns it
     * @throws ModelFileException if the bytes are damaged, beyond the limits, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public ImportedModel load(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return Blame.on(named("Keras model in memory"), () -> loadBytes(bytes));
    }

    /** Returns the model's name in messages. */
    private String named(String model) {
        return model
                + weights.map(file -> " with the weights of '" + file + "'").orElse("");
    }

    /** Reads a {@code T} from a source. */
    @FunctionalInterface
    private interface Opening<S, T> {
        T read(S source, FileLimits limits) throws IOException;
    }

    private ImportedModel loadBytes(byte[] bytes) throws IOException {
        return load(ByteBuffer.wrap(bytes), Optional.empty(), FileFormat::open, FileFormat::architecture)
                .imported();
    }

    private <S> MappedModel load(
            S source, Optional<Path> file, Opening<S, KerasArchive> model, Opening<S, Architecture> architecture)
            throws IOException {
        if (weights.isPresent()) {
            return load(architecture.read(source, limits.files()), weights.get());
        }
        try (KerasArchive archive = model.read(source, limits.files())) {
            return load(archive.architecture(), archive, file);
        }
    }

    /** Reads a model whose weights are in a separate file. */
    MappedModel load(Architecture architecture, Path weights) throws IOException {
        try (KerasArchive archive = FileFormat.open(weights, limits.files())) {
            return load(architecture, archive, Optional.of(weights));
        }
    }

    /**
     * Reads a model.
     *
     * @param file what the archive has mapped; empty if it is in memory
     */
    private MappedModel load(Architecture architecture, KerasArchive archive, Optional<Path> file) throws IOException {
        // Before the first weight is read: all must be of the same file.
        Optional<OpenedFile> opened =
                file.isPresent() ? Optional.of(OpenedFile.of(FileFormat.weights(file.get()))) : Optional.empty();
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
        AssembledGraph assembled = TemporaryThreads.run(() -> GraphAssembly.assembled(network));
        return MappedModel.of(
                ImportedModel.of(assembled.graph(), network, layers, flat.outputs(), Notes.of(flat, network.graph())),
                assembled.inFile(),
                opened);
    }

    /** Drops the layers that no output needs: DL4J does not end cleanly on such layers. */
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

    /** Drops idle layers twice: once pooled maps are vectors, flattening them is idle too. */
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
