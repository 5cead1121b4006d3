package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cam4j.exception.Listed;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/**
 * A layer in a plan.
 *
 * @param name the layer's name
 * @param values numbers of its values; several of one size are one layer, their channels in this order
 * @param shapes of the values
 */
record LayerValues(String name, List<Integer> values, List<Shape> shapes) {

    /**
     * Finds a layer by name.
     *
     * @param plan with outputs FEATURES and LOGITS
     * @param name of a layer's step, the last of several of that name counts; or {@link ExplainedImage#TARGET_LAYER}
     */
    static LayerValues find(InferencePlan plan, String name) {
        if (name.equals(ExplainedImage.TARGET_LAYER)) {
            return target(plan);
        }
        Integer value = named(plan).get(name);
        if (value == null) {
            boolean isKnown = plan.steps().stream().anyMatch(step -> step.name().equals(name));
            throw new UnsupportedModelException((isKnown
                            ? "the layer " + Quoted.of(name)
                                    + " has no rows and columns of cells from which the scores come"
                            : "the network has no layer " + Quoted.of(name))
                    + "; choose one of " + Listed.of(List.copyOf(named(plan).keySet())));
        }
        return new LayerValues(name, List.of(value), List.of(plan.shape(value)));
    }

    /** Returns the image as a layer. */
    static LayerValues image(InferencePlan plan) {
        return new LayerValues("image", List.of(InferencePlan.INPUT), List.of(plan.input()));
    }

    /** Lists the layers that can be mapped: the names of steps with cells on which the scores depend, with their values. */
    static Map<String, Integer> named(InferencePlan plan) {
        Set<Integer> leading = Dependencies.leadingTo(plan, Set.of(plan.output(InferencePlan.LOGITS)));
        Map<String, Integer> named = new LinkedHashMap<>();
        for (Step step : plan.steps()) {
            Shape shape = plan.shape(step.value());
            if (leading.contains(step.value()) && shape.rank() == 3 && shape.height() * shape.width() > 1) {
                named.put(step.name(), step.value());
            }
        }
        return named;
    }

    /** Returns the features, or where these are joined for the map alone, what they are joined of. */
    private static LayerValues target(InferencePlan plan) {
        List<Integer> values = Dependencies.featureMaps(plan);
        String name = values.stream()
                .map(value -> maker(plan, value).name())
                .distinct()
                .collect(Collectors.joining(" + "));
        return new LayerValues(name, values, values.stream().map(plan::shape).toList());
    }

    private static Step maker(InferencePlan plan, int value) {
        return plan.steps().stream()
                .filter(step -> step.value() == value)
                .findFirst()
                .orElseThrow();
    }

    int height() {
        return shapes.get(0).height();
    }

    int width() {
        return shapes.get(0).width();
    }

    int channels() {
        return shapes.stream().mapToInt(Shape::channels).sum();
    }

    /** Returns the size of the joined activations of one image. */
    int size() {
        return height() * width() * channels();
    }

    /** Joins the channels of the values' numbers for one image. */
    float[] joined(List<float[]> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        float[] joined = new float[size()];
        int channel = 0;
        for (int i = 0; i < parts.size(); i++) {
            copy(
                    parts.get(i),
                    shapes.get(i).channels(),
                    0,
                    joined,
                    channels(),
                    channel,
                    shapes.get(i).channels());
            channel += shapes.get(i).channels();
        }
        return joined;
    }

    /** Takes joined activations apart into those of each value. */
    List<float[]> parts(float[] joined) {
        if (joined.length != size()) {
            throw new IllegalArgumentException(joined.length + " activations for the layer '" + name + "' of "
                    + height() + "x" + width() + "x" + channels());
        }
        if (shapes.size() == 1) {
            return List.of(joined);
        }
        List<float[]> parts = new ArrayList<>();
        int channel = 0;
        for (Shape shape : shapes) {
            float[] part = new float[shape.size()];
            copy(joined, channels(), channel, part, shape.channels(), 0, shape.channels());
            channel += shape.channels();
            parts.add(part);
        }
        return parts;
    }

    private static void copy(float[] from, int fromRow, int fromStart, float[] to, int toRow, int toStart, int count) {
        for (int cell = 0; cell * fromRow < from.length; cell++) {
            System.arraycopy(from, cell * fromRow + fromStart, to, cell * toRow + toStart, count);
        }
    }
}
