package org.cam4j.keras.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;

/** Notes on inlined, dropped and rewritten layers, found by comparing the model before and after. */
public final class Notes {

    private Notes() {}

    /**
     * Returns a sentence for each nested model, dropped layer and rewritten layer.
     *
     * @param before Keras' model, flat
     * @param after the graph that is built
     */
    public static List<String> of(LayerGraph before, LayerGraph after) {
        List<String> notes = new ArrayList<>();
        Map<String, Integer> nested = new TreeMap<>();
        Map<String, LayerNode> remaining = new HashMap<>();
        after.nodes().forEach(node -> remaining.put(node.name(), node));
        Map<String, Integer> precisions = new TreeMap<>();
        for (LayerNode node : before.nodes()) {
            List<String> path = node.weights().layers();
            if (path.size() > 1) {
                nested.merge(String.join("/", path.subList(0, path.size() - 1)), 1, Integer::sum);
            }
            precision(node).ifPresent(type -> precisions.merge(type, 1, Integer::sum));
            changed(node, remaining.get(node.name())).ifPresent(notes::add);
            if (!node.name().equals(node.config().layer())) {
                notes.add("called '" + node.name() + "': another use of " + node.config()
                        + ", or a second layer of that name");
            }
        }
        List<String> all = new ArrayList<>();
        nested.forEach(
                (name, count) -> all.add("inlined: the nested model " + Quoted.of(name) + ", " + count + " layers"));
        precisions.forEach((type, count) -> all.add("computed in float32: " + count + " layers of " + type));
        all.addAll(notes);
        return all;
    }

    private static Optional<String> changed(LayerNode before, LayerNode after) {
        if (after == null) {
            return Optional.of("dropped: " + before.config() + ", which does nothing at inference");
        }
        if (!after.className().equals(before.className())) {
            return Optional.of("rewritten: " + before.config() + " as " + Quoted.cut(after.className()));
        }
        String format = before.config().get("data_format").asText();
        return format.equals(after.config().get("data_format").asText())
                ? Optional.empty()
                : Optional.of("rewritten: " + before.config() + " from " + Quoted.cut(format) + " to channels_last");
    }

    private static Optional<String> precision(LayerNode node) {
        String type = node.config()
                .get("dtype")
                .path("config")
                .path("name")
                .asText(node.config().get("dtype").asText());
        return type.isEmpty() || type.equals("float32") ? Optional.empty() : Optional.of(Quoted.cut(type));
    }
}
