package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.MapperBuilder;
import org.cam4j.door.ModelDoor;
import org.cam4j.engine.Precision;
import org.cam4j.engine.UnusedGpu;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoRecipe;
import org.cam4j.image.Preprocessing;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.KerasReader;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.training.GapNetwork;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Options for settings that a model's file does not contain: output, input size, custom layers, preparation of photos and labels. They
 * override the JSON beside the model.
 */
class ModelOptions {

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "The classes' names: one a line in the order of the model's outputs, numbered lines, a table,"
                    + " ImageNet's synsets, or JSON.")
    private Path labels;

    @Option(
            names = "--preprocessing",
            paramLabel = "NAME",
            converter = RecipeConverter.class,
            description =
                    "How pixels became numbers when the network was trained: caffe, tf (-1 to 1), torch, unit (0 to"
                            + " 1), none (0 to 255) or SCALE,OFFSET[,bgr|grey]; or imagenet for everything that"
                            + " torchvision does with a photo.")
    private Recipe recipe;

    @Option(
            names = "--resize",
            paramLabel = "METHOD",
            description = "How photos are resized: ${COMPLETION-CANDIDATES}; default BILINEAR, as Keras' datasets.")
    private Interpolation resize;

    @Option(
            names = "--fit",
            paramLabel = "METHOD",
            description = "What becomes of a photo whose shape is not the input's: it is squashed, cut or padded;"
                    + " ${COMPLETION-CANDIDATES}; default SQUASH.")
    private Fit fit;

    @Option(
            names = "--short-side",
            paramLabel = "PIXELS",
            description =
                    "Before CENTER_CROP, resize the photo so that its shorter side has this length: 256 in most of"
                            + " torchvision and timm.")
    private Integer shortSide;

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            description = "Refuse photos of more pixels than this; default 100000000, of serve 50000000.")
    private Long maxPixels;

    @Option(
            names = "--max-network-memory",
            paramLabel = "SIZE",
            converter = MemorySize.Converter.class,
            description =
                    "Refuse a network whose values need more memory than this for one photo, such as 512m; default 4g.")
    private MemorySize maxNetworkMemory;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description =
                    "What runs the network: cuda, onednn, onnxruntime, nd4j or java; default the fastest that can.")
    private String engine;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description = "How the network's layers compute: ${COMPLETION-CANDIDATES}; default FLOAT32."
                    + " BFLOAT16 is faster and less exact, for processors that have it.")
    private Precision precision;

    @Option(
            names = "--output",
            paramLabel = "NAME|INDEX",
            description =
                    "Explain this one of several outputs: its layer's name, or its place from 0, as 'cam4j inspect'"
                            + " lists them.")
    private String output;

    @Option(
            names = "--size",
            paramLabel = "HEIGHTxWIDTH",
            converter = InputSize.Converter.class,
            description = "The size that photos are brought to, such as 224x224, for models that take any size.")
    private InputSize size;

    @Option(
            names = "--layer-like",
            paramLabel = "NAME=CLASS{JSON}",
            converter = LayerLike.Converter.class,
            description = "Read a layer of your own, named by its class or its name, as one of Keras':"
                    + " Wobble=Rescaling{\"scale\":2}, or Lambda=preprocess_input{\"mode\":\"caffe\"}. May be"
                    + " repeated.")
    private List<LayerLike> layers = List.of();

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description =
                    "Read the weights from this file, such as a checkpoint; the model may then be its JSON alone.")
    private Path weights;

    /** Opens a mapper of a Keras file, an ONNX file or a prepared model with these settings. */
    ClassActivationMapper mapper(Path model) {
        return builder(model).build();
    }

    /** Returns a builder of the mapper. */
    MapperBuilder builder(Path model) {
        if (layers.isEmpty() && weights == null) {
            return set(ClassActivationMapper.from(model));
        }
        if (!PreparedFile.isOne(model)) {
            return set(ClassActivationMapper.fromKeras(model, reader()));
        }
        throw new UnsupportedModelException("'" + model
                + "' is a prepared model, which has no layers any more: give "
                + (weights == null ? "--layer-like" : "--weights") + " when it is prepared from the Keras file.");
    }

    /** Whether a file is left to the Keras reader. */
    static boolean isKeras(Path model) {
        return !PreparedFile.isOne(model)
                && ServiceLoader.load(ModelDoor.class).stream()
                        .noneMatch(door -> door.get().opens(model));
    }

    /** Reads the network of a Keras file with these settings, to change or train it. */
    GapNetwork network(Path model) {
        try (ClassActivationMapper mapper = set(ClassActivationMapper.fromKeras(model, reader()))
                .keepGraph()
                .build()) {
            return GapNetwork.of(mapper);
        }
    }

    /** Reads a Keras file with these settings. */
    ImportedModel imported(Path model) {
        return reader().load(model);
    }

    private KerasReader reader() {
        KerasReader reader = KerasModels.reader();
        for (LayerLike layer : layers) {
            reader = reader.withLayer(layer.name(), layer.layer());
        }
        return weights == null ? reader : reader.withWeights(weights);
    }

    /** Whether one of several outputs is chosen. */
    boolean hasOutput() {
        return output != null;
    }

    /** Returns what to add for a GPU that no engine runs on, unless an engine is named. */
    Optional<String> unusedGpu() {
        return engine == null ? UnusedGpu.hint() : Optional.empty();
    }

    /** Overrides the builder's settings with these options. */
    MapperBuilder set(MapperBuilder builder) {
        if (output != null) {
            if (output.matches("\\d{1,9}")) {
                builder.output(Integer.parseInt(output));
            } else {
                builder.output(output);
            }
        }
        if (size != null) {
            builder.inputSize(size.height(), size.width());
        }
        if (labels != null) {
            builder.labels(Labels.read(labels));
        }
        if (recipe != null) {
            recipe.addTo(builder);
        }
        if (resize != null) {
            builder.resize(resize);
        }
        if (fit != null) {
            builder.fit(fit).shortSide(0);
        }
        if (shortSide != null) {
            builder.shortSide(shortSide);
        }
        if (maxPixels != null) {
            builder.maxPixels(maxPixels);
        }
        if (engine != null) {
            builder.engine(engine);
        }
        if (precision != null) {
            builder.precision(precision);
        }
        if (maxNetworkMemory != null) {
            builder.maxNetworkBytes(maxNetworkMemory.bytes());
        }
        return builder;
    }

    /** What {@code --preprocessing} names: the conversion of pixels, or everything between a photo and the input. */
    @FunctionalInterface
    interface Recipe {

        void addTo(MapperBuilder builder);
    }

    /** Gives picocli the message of {@link Preprocessing#parse}. */
    static final class RecipeConverter implements picocli.CommandLine.ITypeConverter<Recipe> {
        @Override
        public Recipe convert(String value) {
            if (value.strip().equalsIgnoreCase("imagenet")) {
                return builder -> builder.recipe(PhotoRecipe.IMAGENET);
            }
            try {
                Preprocessing preprocessing = Preprocessing.parse(value);
                return builder -> builder.preprocessing(preprocessing);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
