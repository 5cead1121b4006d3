package org.cam4j.onnx.translation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cam4j.onnx.graph.Node;

/** The operators that plans express, by name. */
final class Operators {

    private static final Map<String, Operator> KNOWN = known();

    private Operators() {}

    private static Map<String, Operator> known() {
        Map<String, Operator> known = new HashMap<>();
        Activations.addTo(known);
        Arithmetic.addTo(known);
        Convolutions.addTo(known);
        Poolings.addTo(known);
        Normalizations.addTo(known);
        Reducing.addTo(known);
        Shaping.addTo(known);
        Selecting.addTo(known);
        Bordering.addTo(known);
        Resizing.addTo(known);
        Matrices.addTo(known);
        Quantization.addTo(known);
        return Map.copyOf(known);
    }

    static Optional<Operator> of(Node node) {
        return node.domain().isEmpty() ? Optional.ofNullable(KNOWN.get(node.operator())) : Optional.empty();
    }
}
