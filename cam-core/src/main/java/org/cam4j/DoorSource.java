package org.cam4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.cam4j.classifier.Classifier;
import org.cam4j.door.OpenedModel;
import org.cam4j.door.PhotoSettings;
import org.cam4j.door.PlannedModel;
import org.cam4j.exception.Listed;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.file.Sha256;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Softmax;

/** A network from a file that another module's door has opened. */
final class DoorSource implements ModelSource {

    private final OpenedModel model;
    private final ModelSettings beside;
    private final Supplier<String> sha256;

    private DoorSource(OpenedModel model, ModelSettings beside, Supplier<String> sha256) {
        this.model = model;
        this.beside = beside;
        this.sha256 = sha256;
    }

    static DoorSource of(Path file, OpenedModel model) {
        return new DoorSource(model, ModelSettings.beside(file), () -> sha256(file));
    }

    static DoorSource of(byte[] content, OpenedModel model) {
        return new DoorSource(model, ModelSettings.NONE, () -> Sha256.of(content));
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new ModelFileException("model '" + file + "' cannot be read a second time: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public Optional<String> sha256() {
        return Optional.of(sha256.get());
    }

    /** Returns the JSON file's settings, and what it leaves open from the model itself. */
    @Override
    public ModelSettings settings() {
        PhotoSettings own = model.settings();
        return new ModelSettings(
                beside.preprocessing().or(own::preprocessing),
                beside.interpolation().or(own::interpolation),
                beside.fit().or(own::fit),
                beside.fit().isPresent() || beside.shortSide().isPresent() ? beside.shortSide() : own.shortSide(),
                beside.labels().or(() -> own.labels()
                        .map(text -> Labels.read(
                                text.getBytes(StandardCharsets.UTF_8), "the classes' names of '" + name() + "'"))));
    }

    @Override
    public List<String> outputs() {
        return model.outputs();
    }

    @Override
    public OptionalInt inputHeight() {
        return model.inputHeight();
    }

    @Override
    public OptionalInt inputWidth() {
        return model.inputWidth();
    }

    /** Throws, because there is no DL4J graph. */
    @Override
    public void keepGraph() {
        throw new IllegalStateException("'" + name() + "' holds no DL4J graph: start from a Keras file.");
    }

    @Override
    public Found find(Optional<Integer> output, Optional<String> layer, int height, int width) {
        if (isAnother(height, inputHeight()) || isAnother(width, inputWidth())) {
            throw new IllegalArgumentException(
                    "'" + name() + "' takes images of " + side(inputHeight()) + "x" + side(inputWidth()) + ", not "
                            + height + "x" + width + ": export it for this size, or with open sizes.");
        }
        PlannedModel planned = model.plan(height, width);
        List<String> scores = lastScores(planned.plan());
        if (output.isEmpty() && scores.size() > 1) {
            throw new UnsupportedModelException(
                    "'" + name() + "' has " + scores.size() + " outputs "
                            + Listed.bracketed(scores)
                            + " that may be scores of classes: a class activation map is of one. Choose one by its name or place.");
        }
        String chosen = output.map(outputs()::get).orElse(scores.get(0));
        boolean isOpen = inputHeight().isEmpty() || inputWidth().isEmpty();
        return new FoundInPlan(
                name(),
                planned.notes(),
                classifier(planned, chosen, layer),
                isOpen
                        ? Optional.of((rows, columns) -> classifier(model.plan(rows, columns), chosen, layer))
                        : Optional.empty());
    }

    /** Returns the outputs without those that another one is the softmax or sigmoid of: they are scores of the same classes. */
    private static List<String> lastScores(InferencePlan plan) {
        Map<Integer, Step> makers = new HashMap<>();
        plan.steps().forEach(step -> makers.put(step.value(), step));
        Set<Integer> before = new HashSet<>();
        for (int output : plan.outputs().values()) {
            Step maker = makers.get(output);
            while (maker != null && isActivationOrShape(maker.operation())) {
                before.add(maker.inputs().get(0));
                maker = makers.get(maker.inputs().get(0));
            }
        }
        return plan.outputs().entrySet().stream()
                .filter(output -> !before.contains(output.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isActivationOrShape(Operation operation) {
        return operation instanceof Softmax
                || operation instanceof Reshape
                || (operation instanceof Activate activate
                        && activate.activation().function() == Activation.Function.SIGMOID);
    }

    private Classifier classifier(PlannedModel planned, String output, Optional<String> layer) {
        if (!planned.plan().outputs().containsKey(output)) {
            throw new UnsupportedModelException(
                    "the output '" + output + "' of '" + name() + "' holds no scores of classes, only "
                            + planned.plan().outputs().keySet() + " do: choose one of them.");
        }
        return TokenCells.find(planned.plan(), output, layer.map(name -> stepName(planned, name)));
    }

    /** Returns the name of the step that makes what the file calls by a name: its tensor, or the node's. */
    private static String stepName(PlannedModel planned, String layer) {
        Integer value = planned.layers().get(layer);
        return planned.plan().steps().stream()
                .filter(step -> value != null && step.value() == value)
                .map(Step::name)
                .findFirst()
                .orElse(layer);
    }

    private static boolean isAnother(int size, OptionalInt known) {
        return known.isPresent() && known.getAsInt() != size;
    }

    private static String side(OptionalInt known) {
        return known.isPresent() ? String.valueOf(known.getAsInt()) : "any";
    }
}
