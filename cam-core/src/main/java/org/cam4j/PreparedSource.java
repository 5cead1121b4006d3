package org.cam4j;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.cam4j.classifier.RunnablePlan;
import org.cam4j.classifier.StoredWayBack;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Packing;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.prepared.ModelDescription;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.prepared.PreparedModel;

/**
 * A network from a prepared model, whose file holds the plan and the packed weights. The check that maps add up to scores ran before
 * the file was saved.
 */
final class PreparedSource implements ModelSource, ModelSource.Found {

    private final Path path;
    private final PreparedFile file;
    private final PreparedModel model;
    private final ScoreFunction scoreFunction;

    PreparedSource(Path path) {
        this.path = path;
        this.file = PreparedFile.open(path);
        this.model = file.model();
        String scores = model.description().scores();
        this.scoreFunction =
                PreparedWords.scores(scores).orElseThrow(() -> unknown("function of logits for scores", scores));
    }

    private ModelFileException unknown(String what, String word) {
        return new ModelFileException("prepared model '" + path + "' has the " + what + " " + Quoted.of(word)
                + ", which this version of cam4j does not know: prepare it again with this version.");
    }

    @Override
    public String name() {
        return model.description().model();
    }

    @Override
    public Optional<String> sha256() {
        return model.description().sha256();
    }

    @Override
    public ModelSettings settings() {
        return new ModelSettings(
                model.preparation().map(ImagePreparation::preprocessing),
                model.preparation().map(ImagePreparation::interpolation),
                model.preparation().map(ImagePreparation::fit),
                model.preparation().stream()
                        .mapToInt(ImagePreparation::shortSide)
                        .filter(side -> side > 0)
                        .findFirst(),
                Optional.of(Labels.of(model.labels())));
    }

    @Override
    public List<String> outputs() {
        return List.of(model.description().head());
    }

    @Override
    public OptionalInt inputHeight() {
        return OptionalInt.of(input().height());
    }

    @Override
    public OptionalInt inputWidth() {
        return OptionalInt.of(input().width());
    }

    private Shape input() {
        return model.plan().input();
    }

    /** Throws, because a prepared model has no graph. */
    @Override
    public void keepGraph() {
        throw new IllegalStateException(
                "'" + path + "' is a prepared model, which holds no graph: start from the Keras file.");
    }

    /** Ignores {@code output}: it was chosen when the model was prepared. */
    @Override
    public Found find(Optional<Integer> output, Optional<String> layer, int height, int width) {
        if (layer.isPresent() && !layer.get().equals(model.description().features())) {
            throw new UnsupportedModelException("'" + path + "' was prepared for the layer "
                    + Quoted.of(model.description().features()) + ", not " + Quoted.of(layer.get())
                    + ": prepare the model again with this layer.");
        }
        if (height != input().height() || width != input().width()) {
            throw new IllegalArgumentException("'" + path + "' was prepared for images of " + input().height() + "x"
                    + input().width() + ", not " + height + "x" + width + ": prepare the model again for this size.");
        }
        return this;
    }

    @Override
    public int classes() {
        return model.classes();
    }

    /** Both classes got their names when the model was prepared. */
    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public int inputChannels() {
        return input().channels();
    }

    @Override
    public String head() {
        return model.description().head();
    }

    @Override
    public Network start(EngineSettings settings) {
        String here = Engines.fit(settings);
        Optional<Packing> packing =
                model.packing().filter(packed -> packed.fits().equals(here));
        if (model.isLean() && packing.isEmpty()) {
            throw new ModelFileException("prepared model '" + path + "' is lean: it holds its weights only as they were"
                    + " packed for " + model.packing().map(Packing::fits).orElse("nothing") + ", and here is " + here
                    + ". Prepare it on such a machine, or without --lean.");
        }
        InferencePlan runnable = RunnablePlan.of(model.plan());
        Head head = head(runnable, settings);
        // Before the engine starts: this throws if the description cannot be used.
        ModelSummary summary = summary();
        CompletableFuture<Void> check = packing.isPresent()
                ? CompletableFuture.runAsync(file::checkPacking)
                : CompletableFuture.completedFuture(null);
        Engine engine = engine(runnable, settings);
        try {
            check.join();
            MapPlacement placement = ReceptiveFields.placement(model.plan());
            return new Network(
                    engine,
                    summary,
                    false,
                    head,
                    new MethodNetworks(engine, settings, scoreFunction, input(), size -> Optional.of(model.plan())),
                    (rows, columns) -> placement,
                    Optional.of(model.plan()),
                    Optional.empty());
        } catch (CompletionException e) {
            engine.close();
            throw e.getCause() instanceof RuntimeException reason ? reason : e;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    private Head head(InferencePlan runnable, EngineSettings settings) {
        if (model.head().isEmpty()) {
            try {
                StoredWayBack.of(runnable);
            } catch (IllegalArgumentException e) {
                throw new ModelFileException(
                        "prepared model '" + path + "' cannot be used: " + e.getMessage() + ". Prepare it again.", e);
            }
        }
        return Head.of(model.head(), runnable, settings, size -> {
            throw new IllegalArgumentException("images of " + size + " for a network of " + input());
        });
    }

    /** Starts the engine, and names the file if the engine refuses: a damaged file may ask for more memory than any network needs. */
    private Engine engine(InferencePlan runnable, EngineSettings settings) {
        try {
            return Engines.of(runnable, settings, model.packing(), model.isLean());
        } catch (UnsupportedModelException e) {
            throw new UnsupportedModelException("prepared model '" + path + "' cannot be run: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(
                    "prepared model '" + path + "' cannot be used: " + e.getMessage() + ". Prepare it again.", e);
        }
    }

    private ModelSummary summary() {
        ModelDescription from = model.description();
        Shape features = model.plan().shape(model.plan().output(InferencePlan.FEATURES));
        return new ModelSummary(
                from.model(),
                input().height(),
                input().width(),
                input().channels(),
                from.lastConvolution(),
                from.features(),
                features.height(),
                features.width(),
                features.channels(),
                from.pooling(),
                from.head(),
                model.head().isPresent(),
                PreparedWords.activation(from.activation())
                        .orElseThrow(() -> unknown("activation of the output", from.activation())),
                classes(),
                from.parameters(),
                from.notes());
    }
}
