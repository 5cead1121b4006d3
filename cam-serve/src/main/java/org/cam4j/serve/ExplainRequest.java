package org.cam4j.serve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cam4j.Explanation;
import org.cam4j.Labels;
import org.cam4j.Prediction;
import org.cam4j.exception.Listed;
import org.cam4j.exception.Quoted;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.Methods;

/**
 * What is asked about a photo.
 *
 * @param model explains it
 * @param classes to map, by index
 * @param top how many of the best classes to map; 0 if only {@code classes} are
 * @param methods make the maps, one or more
 * @param format of the answer
 */
record ExplainRequest(
        ServedModel model, List<Integer> classes, int top, List<ExplanationMethod> methods, Format format) {

    private static final Set<String> PARAMETERS = Set.of("model", "class", "top", "method", "layer", "format");

    /** Forms of the answer. */
    enum Format {
        /** The command line's JSON with the maps' values. */
        JSON,
        /** The overlay of the first map. */
        PNG,
        /** The report of this photo. */
        HTML,
        /** What the server's own page draws. */
        VIEW
    }

    /**
     * Reads parameters.
     *
     * @param models by name; the first is the default
     * @param mostMaps classes times methods
     * @throws Problem if one is unknown, malformed or out of range
     */
    static ExplainRequest of(Map<String, List<String>> parameters, Map<String, ServedModel> models, int mostMaps) {
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(PARAMETERS);
        if (!unknown.isEmpty()) {
            throw Problem.badRequest(
                    "there is no parameter " + Quoted.of(unknown.iterator().next()) + ": there are "
                            + String.join(", ", new TreeSet<>(PARAMETERS)) + " and name.");
        }
        ServedModel model = model(single(parameters, "model"), models);
        Labels labels = model.mapper().labels();
        List<Integer> classes = values(parameters, "class")
                .map(name -> classIndex(name, labels))
                .toList();
        String given = single(parameters, "top");
        int top = given.isEmpty() ? (classes.isEmpty() ? 1 : 0) : top(given);
        List<String> layers = values(parameters, "layer").toList();
        requireLayers(layers, model);
        List<String> names = values(parameters, "method")
                .flatMap(value -> Stream.of(value.split(",")))
                .toList();
        List<ExplanationMethod> methods = (names.isEmpty()
                        ? List.of(Methods.names().get(0))
                        : names)
                .stream().map(name -> method(name, layers, names.size() < 2)).toList();
        long maps = (classes.size() + (long) Math.min(top, labels.size())) * methods.size();
        if (maps > mostMaps) {
            throw Problem.badRequest(
                    maps + " maps are asked for, classes times methods: ask for at most " + mostMaps + ".");
        }
        return new ExplainRequest(model, classes, top, methods, format(single(parameters, "format")));
    }

    /** The classes to map: those that are named, then the best, each once. */
    List<Prediction> mapped(Explanation explanation) {
        Set<Integer> indices = new LinkedHashSet<>(classes);
        if (top > 0) {
            explanation.predictions(top).forEach(best -> indices.add(best.index()));
        }
        return indices.stream().map(explanation::prediction).toList();
    }

    /** The classes that a page lists: the five best, and those to map. */
    List<Prediction> listed(Explanation explanation, int best) {
        Set<Prediction> listed = new LinkedHashSet<>(explanation.predictions(best));
        listed.addAll(mapped(explanation));
        return new ArrayList<>(listed);
    }

    private static Stream<String> values(Map<String, List<String>> parameters, String name) {
        // An empty field of a form says nothing.
        return parameters.getOrDefault(name, Collections.emptyList()).stream().filter(value -> !value.isBlank());
    }

    private static String single(Map<String, List<String>> parameters, String name) {
        List<String> values = values(parameters, name).toList();
        if (values.size() > 1) {
            throw Problem.badRequest(
                    "the parameter '" + name + "' is given " + values.size() + " times: give it once.");
        }
        return values.isEmpty() ? "" : values.get(0);
    }

    private static ServedModel model(String name, Map<String, ServedModel> models) {
        ServedModel model = name.isEmpty() ? models.values().iterator().next() : models.get(name);
        if (model == null) {
            throw Problem.badRequest("there is no model " + Quoted.of(name) + ": choose one of "
                    + Listed.of(List.copyOf(models.keySet())) + ".");
        }
        return model;
    }

    private static int classIndex(String name, Labels labels) {
        try {
            int index = name.matches("\\d{1,9}") ? Integer.parseInt(name) : labels.indexOf(name);
            if (index < labels.size()) {
                return index;
            }
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("class " + Quoted.of(name) + ": " + e.getMessage());
        }
        throw Problem.badRequest(
                "class " + name + " is out of range: the model's classes are 0 to " + (labels.size() - 1) + ".");
    }

    private static int top(String given) {
        if (!given.matches("\\d{1,9}") || Integer.parseInt(given) < 1) {
            throw Problem.badRequest("top " + Quoted.of(given) + ": give a number of classes, 1 or more.");
        }
        return Integer.parseInt(given);
    }

    private static void requireLayers(List<String> layers, ServedModel model) {
        List<String> known = model.mapper().layers();
        for (String layer : layers) {
            if (!known.contains(layer)) {
                throw Problem.badRequest("the model has no layer " + Quoted.of(layer)
                        + " with cells: /model lists those that can be mapped.");
            }
        }
    }

    private static ExplanationMethod method(String name, List<String> layers, boolean isAlone) {
        try {
            // Among several, those that take no layer get none, as on the command line.
            return Methods.named(name, isAlone || Methods.takesLayer(name) ? layers : List.of());
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("method " + Quoted.of(name) + ": " + e.getMessage());
        }
    }

    private static Format format(String name) {
        if (name.isEmpty()) {
            return Format.JSON;
        }
        for (Format format : Format.values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        throw Problem.badRequest("there is no format " + Quoted.of(name) + ": choose json, png or html.");
    }
}
