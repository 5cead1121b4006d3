package org.cam4j.spark;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.Listed;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;

/** Opens a model on the driver and looks for the layer and the classes that are asked for, so that no task fails for the lack of them. */
final class ModelTrial {

    private static final Set<Asked> PASSED = ConcurrentHashMap.newKeySet();

    private ModelTrial() {}

    private record Asked(String sha256, List<String> layers, List<String> classes) {}

    /**
     * Tries a model; the same question is answered once.
     *
     * @throws UnsupportedModelException if the model has no such layer, or does not say how photos are prepared
     * @throws IllegalArgumentException if it has no such class
     */
    static void run(ShippedModel model, CamSettings settings) {
        Asked asked = new Asked(model.sha256(), settings.layers(), settings.classes());
        if (PASSED.contains(asked)) {
            return;
        }
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(model.file()).threads(1).build()) {
            List<String> known = mapper.layers();
            for (String layer : settings.layers()) {
                if (!known.contains(layer)) {
                    throw new UnsupportedModelException("the prepared model '" + model.fileName() + "' has no layer "
                            + Quoted.of(layer)
                            + " with cells; preparing may have joined it with another. Choose one of "
                            + Listed.of(known) + ", or prepare the model for this layer.");
                }
            }
            if (mapper.preparation().isEmpty()) {
                throw new UnsupportedModelException("the model '" + model.fileName()
                        + "' does not say how photos are prepared: prepare it with the preprocessing of its training.");
            }
            ClassNames.indices(settings.classes(), mapper.labels());
        }
        PASSED.add(asked);
    }
}
