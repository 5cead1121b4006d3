package org.cam4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.dl4j.engine.Dl4jEngine;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.KnownLayers;
import org.cam4j.dl4j.graph.TemporaryThreads;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.FallbackEngine;
import org.cam4j.engine.SizedEngines;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.keras.ImportedModel;
import org.cam4j.plan.InferencePlan;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A network that is a DL4J graph, read from a Keras file or the application's own. */
final class GraphSource implements ModelSource {

    private final ImportedModel imported;
    private final String name;
    private final Optional<String> sha256;
    private final ModelSettings settings;
    /** Whether nobody else has the graph. */
    private final boolean isOurs;

    private boolean keepsGraph;
    private boolean isSpent;

    /** A graph that the application has too. */
    GraphSource(ImportedModel imported, String name) {
        this(imported, name, Optional.empty(), ModelSettings.NONE, false);
    }

    /** A graph of the application's, of which nothing else is known. */
    static GraphSource of(ComputationGraph graph) {
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        return new GraphSource(
                new ImportedModel(graph, 0, 0, 0, false, outputs, List.of(), List.of()), "DL4J graph");
    }

    /** A graph that was read for the mapper alone: it goes when the network's plan is made. */
    static GraphSource ours(ImportedModel imported, String name, Optional<String> sha256, ModelSettings settings) {
        return new GraphSource(imported, name, sha256, settings, true);
    }

    private GraphSource(
            ImportedModel imported, String name, Optional<String> sha256, ModelSettings settings, boolean isOurs) {
        this.imported = imported;
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
    public int inputHeight() {
        return imported.inputHeight();
    }

    @Override
    public int inputWidth() {
        return imported.inputWidth();
    }

    @Override
    public void keepGraph() {
        keepsGraph = true;
    }

    @Override
    public Found find(Optional<Integer> output, int height, int width) {
        if (isSpent) {
            throw new IllegalStateException("the builder has built its mapper, and let go of the graph: start from the"
                    + " file again, or say keepGraph() before the first build().");
        }
        if (isAnother(height, imported.inputHeight()) || isAnother(width, imported.inputWidth())) {
            throw new IllegalArgumentException(
                    "'" + name + "' takes images of " + side(imported.inputHeight()) + "x"
                            + side(imported.inputWidth()) + ", not " + height + "x" + width
                            + ": only a Keras model whose rows and columns are None leaves them open.");
        }
        List<String> outputs = imported.graph().getConfiguration().getNetworkOutputs();
        return new FoundInGraph(output.map(outputs::get), height, width);
    }

    private static boolean isAnother(int size, int said) {
        return said != 0 && said != size;
    }

    private static String side(int said) {
        return said == 0 ? "any" : String.valueOf(said);
    }

    /** What a DL4J graph does not keep. */
    private static KnownLayers known(ImportedModel imported) {
        Map<String, String> classes = new HashMap<>();
        imported.layers().forEach(layer -> classes.put(layer.name(), layer.className()));
        int channels = imported.inputChannels();
        return new KnownLayers(channels > 0 ? OptionalInt.of(channels) : OptionalInt.empty(), classes);
    }

    /** The classifier in the graph. */
    private final class FoundInGraph implements Found {

        private final Optional<String> output;
        private final int height;
        private final int width;
        private final GapClassifier usual;

        FoundInGraph(Optional<String> output, int height, int width) {
            this.output = output;
            this.height = height;
            this.width = width;
            this.usual = of(height, width);
        }

        private GapClassifier of(int rows, int columns) {
            return TemporaryThreads.run(
                    () -> GapClassifier.find(imported.graph(), output, known(imported), rows, columns));
        }

        @Override
        public int classes() {
            return usual.parts().linearHead().classes();
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
        public ScoreFunction scoreFunction() {
            return ScoreFunction.of(usual.parts());
        }

        @Override
        public Network start(EngineSettings settings) {
            return TemporaryThreads.run(() -> started(settings));
        }

        private Network started(EngineSettings settings) {
            long parameters = imported.graph().numParams();
            Optional<InferencePlan> plan = usual.plan();
            boolean isOpen = imported.leavesSizeOpen();
            boolean frees = isOurs && !keepsGraph && !isOpen && plan.isPresent();
            if (frees) {
                // Before the engine packs its own copy of the weights, so that there are never two.
                isSpent = true;
                imported.graph().params().close();
            }
            MapPlacement placement = placement(usual);
            SizedPlacements placements = new SizedPlacements(height, width, placement);
            Engine engine = isOpen
                    ? new SizedEngines((rows, columns) -> engine(rows, columns, placements, settings), height, width)
                    : engine(usual, plan, settings);
            return Network.checked(
                    engine,
                    usual.parts(),
                    running -> new Network(
                            running,
                            new ModelSummary(name, usual.parts(), parameters, imported.notes()),
                            isOpen,
                            usual.parts().linearHead(),
                            isOpen ? placements.orElse((rows, columns) -> placement(of(rows, columns))) : placements,
                            plan,
                            frees ? Optional.empty() : Optional.of(imported.graph())));
        }

        private Engine engine(int rows, int columns, SizedPlacements placements, EngineSettings settings) {
            GapClassifier sized = rows == height && columns == width ? usual : of(rows, columns);
            placements.add(rows, columns, placement(sized));
            return engine(sized, sized.plan(), settings);
        }

        /** The fastest engine that can run the network; DL4J's own layers run every one. */
        private Engine engine(GapClassifier sized, Optional<InferencePlan> plan, EngineSettings settings) {
            return plan.map(found -> Engines.of(found, settings))
                    .orElseGet(() -> new FallbackEngine(
                            new Dl4jEngine(sized.inferenceGraph(), sized.format()),
                            "no plan: " + sized.objection().orElseThrow()));
        }

        private static MapPlacement placement(GapClassifier sized) {
            return ReceptiveFields.placement(sized.parts().plan());
        }
    }
}
