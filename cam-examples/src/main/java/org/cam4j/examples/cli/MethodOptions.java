package org.cam4j.examples.cli;

import java.util.List;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.Listed;
import org.cam4j.exception.Quoted;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.Methods;
import picocli.CommandLine.Option;

/** Which methods make maps, and of which layers. */
final class MethodOptions {

    @Option(
            names = "--method",
            split = ",",
            paramLabel = "NAME",
            description =
                    "How maps are made: cam (the default), grad-cam, score-cam, ... (docs/methods.md); several with"
                            + " commas between them.")
    private List<String> names = List.of(Methods.names().get(0));

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Map this layer instead of the last one ('cam4j inspect --layers' lists them). If repeated,"
                    + " several give one map.")
    private List<String> layers = List.of();

    /**
     * Returns the methods, each once; of several, those that take no layer get none.
     *
     * @throws WrongArgumentException if there is no such method
     */
    List<ExplanationMethod> methods() {
        return names.stream().distinct().map(this::method).toList();
    }

    private ExplanationMethod method(String name) {
        try {
            boolean takesLayers = names.size() == 1 || Methods.takesLayer(name);
            return Methods.named(name, takesLayers ? layers : List.of());
        } catch (IllegalArgumentException e) {
            throw new WrongArgumentException("--method " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks that a network has the layers.
     *
     * @throws WrongArgumentException if it does not
     */
    void check(ClassActivationMapper mapper) {
        List<String> known = layers.isEmpty() ? List.of() : mapper.layers();
        for (String layer : layers) {
            if (!known.isEmpty() && !known.contains(layer)) {
                throw new WrongArgumentException("--layer " + Quoted.of(layer)
                        + ": the model has no such layer with cells; choose one of " + Listed.of(known));
            }
        }
    }
}
