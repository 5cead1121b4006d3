package org.cam4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.classifier.RunnablePlan;
import org.cam4j.dl4j.engine.Dl4jEngine;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.KnownLayers;
import org.cam4j.dl4j.graph.TemporaryThreads;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.FallbackEngine;
import org.cam4j.engine.Precision;
import org.cam4j.engine.SizedEngines;
import org.cam4j.exception.BackendException;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.MappedModel;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network from a DL4J graph, which was read from a Keras file or belongs to the application. */
final class GraphSource implements ModelSource {

    private final ImportedModel imported;
    /** Those in the model's file, by layer and parameter. */
    private final Map<String, Map<String, WeightArray>> inFile;

    private final String name;
    private final Optional<String> sha256;
    private final ModelSettings settings;
    /** True if only the mapper has the graph, and may release it. */
    private final boolean isOurs;

    private boolean keepsGraph;
    /** Replaces the graph after its release. */
    private Optional<Planned> planned = Optional.empty();

    /** Wraps a graph that the application has too. */
    GraphSource(ImportedModel imported, String name) {
        this(new MappedModel(imported, Map.of()), name, Optional.empty(), ModelSettings.NONE, false);
    }

    /** Wraps a graph of the application, without file, size or settings. */
    static GraphSource of(ComputationGraph graph) {
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        return new GraphSource(new ImportedModel(graph, 0, 0, 0, false, outputs, List.of(), List.of()), "DL4J graph");
    }

    /**
     * Wraps a graph that was read for the mapper only. Its weights are released when the network's plan is built, unless a later build
     * may need the graph for another output or size.
     */
    static GraphSource ours(MappedModel read, String name, Optional<String> sha256, ModelSettings settings) {
        return new GraphSource(read, name, sha256, settings, true);
    }

    private GraphSource(
            MappedModel read, String name, Optional<String> sha256, ModelSettings settings, boolean isOurs) {
        this.imported = read.imported();
        this.inFile = read.weights();
        this.name = name;
        this.sha256 = sha256;
        this.settings = settings;
        this.isOurs = isOurs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> sha256() {
        return sha256;
    }

    @Override
    public ModelSettings settings() {
        return settings;
    }

    @Override
    public List<String> outputs() {
        return imported.outputs();
    }

    @Override
    public OptionalInt inputHeight() {
        return size(imported.inputHeight());
    }

    @Override
    public OptionalInt inputWidth() {
        return size(imported.inputWidth());
    }

    private static OptionalInt size(int size) {
        return size == 0 ? OptionalInt.empty() : OptionalInt.of(size);
    }

    @Override
    public void keepGraph() {
        if (planned.isPresent()) {
            throw new IllegalStateException("the graph of '" + name
                    + "' was released when the builder built its first mapper: call keepGraph() before that.");
        }
        keepsGraph = true;
    }

    @Override
    public Found find(Optional<Integer> output, Optional<String> layer, int height, int width) {
        if (isAnother(height, inputHeight()) || isAnother(width, inputWidth())) {
            throw new IllegalArgumentException("'" + name + "' takes images of " + side(inputHeight()) + "x"
                    + side(inputWidth()) + ", not " + height + "x" + width
                    + ": only a Keras model whose rows and columns are None leaves them open.");
        }
        if (planned.isPresent() && !planned.get().layer().equals(layer)) {
            throw new IllegalStateException("the graph of '" + name
                    + "' was released when the builder built its first mapper: call keepGraph() before that to choose"
                    + " another layer.");
        }
        List<String> outputs = imported.graph().getConfiguration().getNetworkOutputs();
        return new FoundInGraph(output.map(outputs::get), layer, height, width);
    }

    private static boolean isAnother(int size, OptionalInt known) {
        return known.isPresent() && known.getAsInt() != size;
    }

    private static String side(OptionalInt known) {
        return known.isPresent() ? String.valueOf(known.getAsInt()) : "any";
    }

    /** Returns the input channels and the layers' Keras classes, which a DL4J graph does not store, and weights in the file. */
    private KnownLayers known() {
        Map<String, String> classes = new HashMap<>();
        imported.layers().forEach(layer -> classes.put(layer.name(), layer.className()));
        int channels = imported.inputChannels();
        return new KnownLayers(
                channels > 0 ? OptionalInt.of(channels) : OptionalInt.empty(),
                classes,
                // An application may change the weights of a graph that is kept for it.
                keepsGraph ? Map.of() : inFile);
    }

    /** Tells whether to release the graph's weights: if every build needs the same classifier, and it has a plan. */
    private boolean releasesGraph(Optional<InferencePlan> plan) {
        return isOurs
                && !keepsGraph
                && plan.isPresent()
                && imported.outputs().size() == 1
                && inputHeight().isPresent()
                && inputWidth().isPresent();
    }

    /** Frees the memory behind DL4J's view of the parameters: closing a view does nothing. */
    private static void release(INDArray parameters) {
        DataBuffer viewed = parameters.data().originalDataBuffer();
        if (viewed == null) {
            parameters.close();
        } else {
            viewed.close();
        }
    }

    /**
     * The parts of a released graph that later builds need.
     *
     * @param classifier found in the graph; its plan has its own weights
     * @param parameters the number of the graph's parameters
     * @param layer the chosen target layer
     */
    private record Planned(GapClassifier classifier, long parameters, Optional<String> layer) {}

    /** The classifier in the graph. */
    private final class FoundInGraph implements Found {

        private final Optional<String> output;
        private final Optional<String> layer;
        private final int height;
        private final int width;
        private final GapClassifier usual;

        FoundInGraph(Optional<String> output, Optional<String> layer, int height, int width) {
            this.output = output;
            this.layer = layer;
            this.height = height;
            this.width = width;
            this.usual = planned.map(Planned::classifier).orElseGet(() -> of(height, width));
        }

        private GapClassifier of(int rows, int columns) {
            return TemporaryThreads.run(
                    () -> GapClassifier.find(imported.graph(), output, layer, known(), rows, columns));
        }

        @Override
        public int classes() {
            return usual.parts().classes();
        }

        @Override
        public boolean isBinary() {
            return usual.parts().isBinary();
        }

        @Override
        public int inputChannels() {
            return usual.inputChannels();
        }

        @Override
        public String head() {
            return usual.parts().head();
        }

        @Override
        public Network start(EngineSettings settings) {
            return TemporaryThreads.run(() -> started(settings));
        }

        private Network started(EngineSettings settings) {
            long parameters = planned.map(Planned::parameters)
                    .orElseGet(() -> imported.graph().numParams());
            Optional<InferencePlan> plan = usual.plan();
            boolean isOpen = imported.leavesSizeOpen();
            if (planned.isEmpty() && releasesGraph(plan)) {
                // Before the engine packs its copy of the weights, so that memory never holds two copies.
                planned = Optional.of(new Planned(usual, parameters, layer));
                release(imported.graph().params());
            }
            MapPlacement placement = placement(usual);
            SizedPlacements placements = new SizedPlacements(height, width, placement);
            Engine engine = isOpen
                    ? new SizedEngines((rows, columns) -> engine(rows, columns, placements, settings), height, width)
                    : engine(usual, plan, settings);
            Head head = Head.of(
                    usual.parts(),
                    plan.map(RunnablePlan::of).orElse(usual.parts().plan()),
                    settings,
                    size -> of(size.height(), size.width()).parts());
            return Network.checked(
                    engine,
                    head,
                    usual.parts(),
                    (running, scores) -> new Network(
                            running,
                            new ModelSummary(name, usual.parts(), parameters, imported.notes()),
                            isOpen,
                            head,
                            new MethodNetworks(
                                    running,
                                    settings,
                                    scores,
                                    usual.parts().plan().input(),
                                    this::planFor),
                            isOpen ? placements.orElse((rows, columns) -> placement(of(rows, columns))) : placements,
                            plan,
                            isOurs && !keepsGraph && plan.isPresent() && !isOpen
                                    ? Optional.empty()
                                    : Optional.of(imported.graph())));
        }

        private Optional<InferencePlan> planFor(Shape image) {
            GapClassifier sized =
                    image.height() == height && image.width() == width ? usual : of(image.height(), image.width());
            return sized.objection().isPresent()
                    ? Optional.empty()
                    : Optional.of(sized.parts().plan());
        }

        private Engine engine(int rows, int columns, SizedPlacements placements, EngineSettings settings) {
            GapClassifier sized = rows == height && columns == width ? usual : of(rows, columns);
            placements.add(rows, columns, placement(sized));
            return engine(sized, sized.plan(), settings);
        }

        /** Starts the fastest engine that can run the plan; without a plan, DL4J's own layers run the network. */
        private Engine engine(GapClassifier sized, Optional<InferencePlan> plan, EngineSettings settings) {
            if (plan.isPresent()) {
                return Engines.of(RunnablePlan.of(plan.get()), settings);
            }
            String reason = "no plan: " + sized.objection().orElseThrow();
            if (settings.precision() != Precision.FLOAT32) {
                throw new BackendException("'" + name + "' cannot be run in "
                        + settings.precision().word() + ": DL4J's own layers run it (" + reason
                        + "), which compute in float32 alone. Leave the precision at float32.");
            }
            return new FallbackEngine(new Dl4jEngine(sized.inferenceGraph(), sized.format()), reason);
        }

        private static MapPlacement placement(GapClassifier sized) {
            return ReceptiveFields.placement(sized.parts().plan());
        }
    }
}
