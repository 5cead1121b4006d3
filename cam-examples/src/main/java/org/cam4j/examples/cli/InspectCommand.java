package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cam4j.ClassActivationMapper;
import org.cam4j.MapperBuilder;
import org.cam4j.ModelSummary;
import org.cam4j.exception.CamException;
import org.cam4j.image.MapPlacement;
import org.cam4j.keras.ImportedLayer;
import org.cam4j.plan.InferencePlan;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.prepared.PreparedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a model's parts and whether it can be explained. */
@Command(
        name = "inspect",
        description = "Says what a model is made of; exit status 0 if it can be explained, otherwise 2 and the reason.")
final class InspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "A Keras file, an ONNX file or a prepared model.")
    private Path model;

    @Option(names = "--plan", description = "Also print what the engine computes, one step a line.")
    private boolean plan;

    @Option(
            names = "--layers",
            description =
                    "Also print, at the beginning, the layers that a Keras file was read as, and, at the end, those"
                            + " that can be mapped.")
    private boolean layers;

    @Mixin
    private ModelOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (layers && ModelOptions.isKeras(model)) {
            printImported(out);
        }
        MapperBuilder builder = options.builder(model);
        if (builder.needsInputSize()) {
            line(
                    out,
                    "sizes",
                    "the model leaves them open: choose with --size HEIGHTxWIDTH; here for " + InputSize.USUAL + "x"
                            + InputSize.USUAL);
            builder.inputSize(InputSize.USUAL, InputSize.USUAL);
        }
        if (builder.outputs().size() > 1 && !options.hasOutput()) {
            return inspectOutputs(builder, out);
        }
        try (ClassActivationMapper mapper = builder.build()) {
            print(mapper, out);
            if (layers) {
                printMappable(mapper, out);
            }
            out.println("This model can be explained.");
            return Cam4j.DONE;
        }
    }

    /** Lists the outputs to choose from, and which can be explained. */
    private int inspectOutputs(MapperBuilder builder, PrintWriter out) {
        boolean isAny = false;
        for (int i = 0; i < builder.outputs().size(); i++) {
            String name = "output " + i + " '" + builder.outputs().get(i) + "'";
            try (ClassActivationMapper mapper = builder.output(i).build()) {
                isAny = true;
                line(out, name, "can be explained, " + mapper.summary().classes() + " classes");
            } catch (CamException e) {
                line(out, name, Messages.of(e));
            }
        }
        out.println(
                isAny
                        ? "Choose one of the outputs that can be explained with --output NAME or --output INDEX."
                        : "No output of this model can be explained.");
        return isAny ? Cam4j.DONE : Cam4j.REFUSED;
    }

    private void print(ClassActivationMapper mapper, PrintWriter out) {
        ModelSummary summary = mapper.summary();
        line(out, "model", summary.model());
        line(out, "input", summary.inputHeight() + " x " + summary.inputWidth() + " x " + summary.inputChannels());
        line(
                out,
                "photos",
                mapper.preparation().map(Object::toString).orElse("not said: give --preprocessing to explain photos"));
        line(out, "last convolution", summary.lastConvolution());
        line(
                out,
                "activations",
                summary.features() + ", " + summary.mapHeight() + " x " + summary.mapWidth() + " x "
                        + summary.channels());
        line(out, "maps", covered(mapper.placement(), summary));
        line(out, "pooling", summary.pooling());
        line(
                out,
                "head",
                summary.head() + ", " + summary.channels() + " -> " + summary.classes() + ", "
                        + summary.activation().name().toLowerCase(Locale.ROOT));
        line(
                out,
                "maps add up",
                summary.isLinear()
                        ? "exactly: the head is linear, and maps of all photos have the same weights"
                        : "exactly: the head is not linear, and its gates are held for each photo");
        line(
                out,
                "classes",
                summary.classes() + ", from '" + mapper.labels().get(0) + "' to '"
                        + mapper.labels().get(summary.classes() - 1) + "'");
        line(out, "parameters", String.format(Locale.ROOT, "%,d", summary.parameters()));
        line(out, "layers", mappable(mapper));
        line(out, "engine", mapper.engine());
        if (PreparedFile.isOne(model)) {
            printPrepared(out, PreparedFile.open(model).model());
        }
        summary.notes().forEach(note -> line(out, "note", note));
        options.unusedGpu().ifPresent(hint -> line(out, "note", hint));
        if (plan) {
            mapper.plan()
                    .map(InferencePlan::toString)
                    .orElse("no plan: DL4J's own layers run it, as under 'engine'")
                    .lines()
                    .map(Printable::of)
                    .forEach(out::println);
        }
    }

    /** Returns how many layers can be mapped, and which these are. */
    private static String mappable(ClassActivationMapper mapper) {
        List<String> names = mapper.layers();
        return switch (names.size()) {
            case 0 -> "only the last one can be mapped: DL4J's own layers run the network";
            case 1 -> "one can be mapped, '" + names.get(0) + "'";
            default ->
                names.size() + " can be mapped, from '" + names.get(0) + "' to '" + names.get(names.size() - 1)
                        + "'; --layers lists them, and 'explain --layer NAME' maps one";
        };
    }

    /** Returns the part of the input that the maps' cells cover. */
    private static String covered(MapPlacement placement, ModelSummary summary) {
        if (placement.equals(MapPlacement.whole(summary.inputHeight(), summary.inputWidth()))) {
            return "cover the input evenly";
        }
        if (placement instanceof MapPlacement.Placed placed) {
            return String.format(
                    Locale.ROOT,
                    "cover rows %.1f to %.1f and columns %.1f to %.1f of the input%s",
                    placed.rows().from(),
                    placed.rows().to(),
                    placed.columns().from(),
                    placed.columns().to(),
                    placed.transposed() ? ", transposed" : "");
        }
        return "have no place in the input: " + ((MapPlacement.Unplaced) placement).reason();
    }

    /** Lists the layers that can be mapped, with the sizes of their maps. */
    private static void printMappable(ClassActivationMapper mapper, PrintWriter out) {
        mapper.layerShapes()
                .forEach((name, shape) ->
                        out.println(String.format(Locale.ROOT, "%-31s %s", Printable.of(name), shape)));
    }

    /** Lists the layers of a Keras file, also of models that cannot be explained. */
    private void printImported(PrintWriter out) {
        for (ImportedLayer layer : options.imported(model).layers()) {
            String shape = layer.shape().stream()
                    .map(size -> size < 0 ? "?" : String.valueOf(size))
                    .collect(Collectors.joining("x"));
            out.println(String.format(
                    Locale.ROOT,
                    "%-31s %-23s %-15s %,12d  (%s)",
                    Printable.of(layer.name()),
                    Printable.of(layer.className()),
                    shape,
                    layer.parameters(),
                    Printable.of(String.join(", ", layer.inputs()))));
        }
    }

    /** Lists the content of a prepared model beside the network. */
    private static void printPrepared(PrintWriter out, PreparedModel prepared) {
        line(out, "prepared by", "cam4j " + prepared.description().version());
        prepared.description().sha256().ifPresent(hash -> line(out, "from", "a file with SHA-256 " + hash));
        line(
                out,
                "packed weights",
                prepared.packing()
                        .map(packing -> String.format(
                                Locale.ROOT,
                                "%.1f MB, for %s; %s",
                                packing.blocks().stream()
                                                .mapToLong(ByteBuffer::limit)
                                                .sum()
                                        / 1e6,
                                packing.fits(),
                                packing.summary()))
                        .orElse("none: they are packed when the file is opened"));
        line(out, "plain weights", prepared.isLean() ? "none (--lean)" : "yes, for other processors");
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format("%-17s %s", Printable.of(name), Printable.of(value)));
    }
}
