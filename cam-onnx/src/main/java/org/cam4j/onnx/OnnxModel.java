package org.cam4j.onnx;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.cam4j.door.OpenedModel;
import org.cam4j.door.PhotoSettings;
import org.cam4j.door.PlannedModel;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.file.ExternalData;
import org.cam4j.onnx.file.OnnxFile;
import org.cam4j.onnx.graph.Graph;
import org.cam4j.onnx.graph.GraphReader;
import org.cam4j.onnx.graph.Node;
import org.cam4j.onnx.graph.TensorReader;
import org.cam4j.onnx.schema.StringStringEntryProto;
import org.cam4j.onnx.settings.StoredSettings;
import org.cam4j.onnx.translation.ImageInput;
import org.cam4j.onnx.translation.Translation;
import org.cam4j.onnx.translation.Translator;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;

/**
 * An image classifier from an ONNX file: opsets 7 to 23, float32, float16, bfloat16, double or int8 weights, in the file or
 * beside it.
 *
 * <p>Immutable and thread-safe. Weights stay in the mapped file: plans read them when an engine packs them.
 */
public final class OnnxModel implements OpenedModel {

    /** Called so where it has no file's name. */
    private static final String UNNAMED = "ONNX model";

    private final Optional<Path> file;
    private final String name;
    private final Graph graph;
    private final Graph.Input input;
    private final Map<String, String> metadata;

    private OnnxModel(Optional<Path> file, String name, OnnxFile content, TensorReader.ExternalBytes external) {
        this.file = file;
        this.name = name;
        this.graph = new GraphReader(name, new TensorReader(name, content.source(), external)).read(content.model());
        this.metadata = content.model().getMetadataPropsList().stream()
                .collect(Collectors.toUnmodifiableMap(
                        StringStringEntryProto::getKey, StringStringEntryProto::getValue, (first, last) -> last));
        this.input = ImageInput.only(name, graph);
    }

    /**
     * Reads a file.
     *
     * @param file an ordinary file; weights that it keeps outside must be in its folder
     * @return the model
     * @throws ModelFileException if the file is missing or damaged
     * @throws UnsupportedModelException if it is no classifier of one image
     */
    public static OnnxModel read(Path file) {
        String name = String.valueOf(file.getFileName());
        return new OnnxModel(Optional.of(file), name, OnnxFile.read(file), new ExternalData(file));
    }

    /**
     * Reads a model in memory.
     *
     * @param content the bytes of a file; not copied, do not modify them while a mapper of them is open
     * @return the model
     * @throws ModelFileException if it is damaged, or keeps weights in other files
     * @throws UnsupportedModelException if it is no classifier of one image
     */
    public static OnnxModel read(byte[] content) {
        return new OnnxModel(Optional.empty(), UNNAMED, OnnxFile.of(UNNAMED, content), tensor -> {
            throw new ModelFileException(
                    "the weights " + Quoted.of(tensor.getName())
                            + " are in another file, as PyTorch writes them: give the model's path, or export it with all weights in one file.");
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OptionalInt inputHeight() {
        return side(true);
    }

    @Override
    public OptionalInt inputWidth() {
        return side(false);
    }

    private OptionalInt side(boolean isHeight) {
        int side = ImageInput.side(input, isHeight);
        return side == Graph.OPEN ? OptionalInt.empty() : OptionalInt.of(side);
    }

    @Override
    public List<String> outputs() {
        return graph.outputs();
    }

    /** Returns what the file's metadata and the configurations of Hugging Face and timm beside it say. */
    @Override
    public PhotoSettings settings() {
        OptionalInt side = inputHeight().isPresent() && inputWidth().isPresent()
                ? OptionalInt.of(Math.max(inputHeight().getAsInt(), inputWidth().getAsInt()))
                : OptionalInt.empty();
        return StoredSettings.of(file, metadata, side);
    }

    @Override
    public PlannedModel plan(int height, int width) {
        Translation translation = translation(height, width);
        Map<String, Integer> layers = new HashMap<>();
        for (Node node : graph.nodes()) {
            node.outputs().stream()
                    .filter(translation.tensors()::containsKey)
                    .findFirst()
                    .ifPresent(output -> layers.put(
                            node.name(), translation.tensors().get(output).value()));
        }
        translation.tensors().forEach((tensor, place) -> layers.put(tensor, place.value()));
        layers.remove("");
        layers.values().retainAll(values(translation.plan()));
        return new PlannedModel(translation.plan(), layers, translation.notes());
    }

    private static Set<Integer> values(InferencePlan plan) {
        return plan.steps().stream().map(Step::value).collect(Collectors.toSet());
    }

    /**
     * Makes a plan of the model for one image size, with what is known of its tensors.
     *
     * @param height rows; the model's own if it fixes them
     * @param width columns; the model's own if it fixes them
     * @return the plan, with those outputs that may be scores of classes
     * @throws UnsupportedModelException if no plan expresses a node; the message names all of them
     * @throws ModelFileException if the graph's sizes contradict each other
     */
    public Translation translation(int height, int width) {
        return Translator.translate(name, graph, height, width);
    }
}
