package org.cam4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.GraphPlanner;
import org.cam4j.dl4j.graph.KnownLayers;
import org.cam4j.dl4j.graph.OutputActivation;
import org.cam4j.dl4j.graph.Planning;
import org.cam4j.dl4j.graph.TemporaryThreads;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.SizedEngines;
import org.cam4j.engine.choice.Engines;
import org.cam4j.keras.ImportedLayer;
import org.cam4j.keras.ImportedModel;
import org.cam4j.plan.LinearHead;
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
    public Classifier classifier(Optional<Integer> output) {
        if (isSpent) {
            throw new IllegalStateException("the builder has built its mapper, and let go of the graph: start from the"
                    + " file again, or say keepGraph() before the first build().");
        }
        ComputationGraph graph = imported.graph();
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        return TemporaryThreads.run(
                () -> new Found(GapClassifier.find(graph, output.map(outputs::get), known(imported))));
    }

    /** What a DL4J graph does not keep. */
    private static KnownLayers known(ImportedModel imported) {
        Map<String, String> classes = new HashMap<>();
        Map<String, Integer> channels = new HashMap<>();
        for (ImportedLayer layer : imported.layers()) {
            classes.put(layer.name(), layer.className());
            int last = layer.shape().get(layer.shape().size() - 1);
            if (last > 0) {
                channels.put(layer.name(), last);
            }
        }
        int channelsOfImage = imported.inputChannels();
        return new KnownLayers(
                channelsOfImage > 0 ? OptionalInt.of(channelsOfImage) : OptionalInt.empty(), classes, channels);
    }

    /** The classifier in the graph. */
    private final class Found implements Classifier {

        private final GapClassifier parts;
        private final SizedPlacements placements;
        /** Of the usual size, once it is made. */
        private Planning planning;

        Found(GapClassifier parts) {
            this.parts = parts;
            this.placements = new SizedPlacements(parts);
        }

        @Override
        public int classes() {
            return parts.classes();
        }

        @Override
        public int inputChannels() {
            return parts.inputChannels();
        }

        @Override
        public String head() {
            return parts.head();
        }

        @Override
        public ScoreFunction scoreFunction() {
            boolean single = parts.classes() == 1;
            return parts.activation() == OutputActivation.SIGMOID
                            || (parts.activation() == OutputActivation.NONE && single)
                    ? ScoreFunction.SIGMOID
                    : ScoreFunction.SOFTMAX;
        }

        @Override
        public Network start(int height, int width, EngineSettings settings) {
            if (isAnother(height, imported.inputHeight()) || isAnother(width, imported.inputWidth())) {
                throw new IllegalArgumentException(
                        "'" + name + "' takes images of " + side(imported.inputHeight()) + "x"
                                + side(imported.inputWidth()) + ", not " + height + "x" + width
                                + ": only a Keras model whose rows and columns are None leaves them open.");
            }
            return TemporaryThreads.run(() -> started(height, width, settings));
        }

        private static boolean isAnother(int size, int said) {
            return said != 0 && said != size;
        }

        private static String side(int said) {
            return said == 0 ? "any" : String.valueOf(said);
        }

        private Network started(int height, int width, EngineSettings settings) {
            long parameters = imported.graph().numParams();
            planning = GraphPlanner.plan(parts, height, width);
            placements.add(height, width, planning);
            try (IdentityCheck check = new IdentityCheck(parts)) {
                LinearHead head = parts.linearHead();
                boolean frees = isOurs
                        && !keepsGraph
                        && !imported.leavesSizeOpen()
                        && planning.plan().isPresent();
                if (frees) {
                    // Before the engine packs its own copy of the weights, so that there are never two.
                    isSpent = true;
                    imported.graph().params().close();
                }
                Engine engine = imported.leavesSizeOpen()
                        ? new SizedEngines(
                                (rows, columns) -> engine(rows, columns, height, width, settings), height, width)
                        : engine(planning, settings);
                try {
                    Activations probe = check.probe(engine, head, height, width);
                    return new Network(
                            engine,
                            new ModelSummary(name, parts, height, width, probe, parameters, imported.notes()),
                            imported.leavesSizeOpen(),
                            head,
                            placements,
                            planning.plan(),
                            frees ? Optional.empty() : Optional.of(imported.graph()));
                } catch (RuntimeException | Error e) {
                    engine.close();
                    throw e;
                }
            }
        }

        private Engine engine(int rows, int columns, int height, int width, EngineSettings settings) {
            if (rows == height && columns == width) {
                return engine(planning, settings);
            }
            Planning other = GraphPlanner.plan(parts, rows, columns);
            placements.add(rows, columns, other);
            return engine(other, settings);
        }

        /** The fastest engine that can run the network; DL4J's own layers run every one. */
        private Engine engine(Planning made, EngineSettings settings) {
            return made.plan()
                    .map(plan -> Engines.of(plan, settings))
                    .orElseGet(() -> Engines.of(
                            parts.inferenceGraph(), parts.inputFormat(), parts.featureFormat(), made.objection()));
        }
    }
}
