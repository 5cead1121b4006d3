package org.cam4j.training.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which Keras keeps the layers of a functional model, and by which it finds their weights: by distance from the
 * output, the farthest first; where distances are equal, as met on a walk back from the output.
 */
final class KerasOrder {

    private final Map<String, KerasLayer> layers = new HashMap<>();
    private final Map<String, Integer> met = new HashMap<>();
    private final Map<String, Integer> distance = new HashMap<>();

    private KerasOrder(List<KerasLayer> layers) {
        layers.forEach(layer -> this.layers.put(layer.name(), layer));
    }

    /** The layers that lead to the last one, which is the output, in Keras' order; each must come after those it reads. */
    static List<KerasLayer> of(List<KerasLayer> layers) {
        KerasOrder order = new KerasOrder(layers);
        KerasLayer output = layers.get(layers.size() - 1);
        order.walk(output);
        order.distance.put(output.name(), 0);
        for (int i = layers.size() - 1; i >= 0; i--) {
            KerasLayer layer = layers.get(i);
            if (order.met.containsKey(layer.name())) {
                int next = order.distance.get(layer.name()) + 1;
                layer.inputs().forEach(input -> order.distance.merge(input, next, Math::max));
            }
        }
        List<KerasLayer> sorted = new ArrayList<>(layers);
        sorted.removeIf(layer -> !order.met.containsKey(layer.name()));
        sorted.sort(Comparator.comparing((KerasLayer layer) -> -order.distance.get(layer.name()))
                .thenComparing(layer -> order.met.get(layer.name())));
        return sorted;
    }

    /** Depth first, inputs from left to right, without recursion: networks are hundreds of layers deep. */
    private void walk(KerasLayer output) {
        List<KerasLayer> open = new ArrayList<>(List.of(output));
        Set<String> done = new HashSet<>();
        while (!open.isEmpty()) {
            KerasLayer layer = open.remove(open.size() - 1);
            if (done.add(layer.name())) {
                met.put(layer.name(), met.size());
                for (int i = layer.inputs().size() - 1; i >= 0; i--) {
                    open.add(layers.get(layer.inputs().get(i)));
                }
            }
        }
    }
}
