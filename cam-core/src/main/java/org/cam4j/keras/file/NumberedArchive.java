package org.cam4j.keras.file;

import io.jhdf.api.Group;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.GuardedReading;
import org.cam4j.keras.hdf5.Hdf5File;
import org.cam4j.keras.hdf5.StoredTensor;

/**
 * A {@code .keras} file, or a {@code .weights.h5} file, which has the form of its weights. Weights are numbered in groups such as
 * {@code layers/conv2d_1/vars}, named after the layer's class and nested as the models are.
 */
final class NumberedArchive implements KerasArchive {

    private static final String VARIABLES = "vars";

    private final Hdf5File weights;
    private final Optional<String> config;
    private final Optional<String> kerasVersion;

    NumberedArchive(Hdf5File weights, Optional<String> config, Optional<String> kerasVersion) {
        this.weights = weights;
        this.config = config;
        this.kerasVersion = kerasVersion;
    }

    @Override
    public String config() {
        return config.orElseThrow(() -> new ModelFileException("it holds weights without a model: save with"
                + " model.save(...) instead of model.save_weights(...), or read it with KerasReader.withWeights."));
    }

    @Override
    public Optional<String> kerasVersion() {
        return kerasVersion;
    }

    /** Returns none: layers are identified by class and number. */
    @Override
    public List<String> layerNames() {
        return List.of();
    }

    @Override
    public Map<String, StoredTensor> weights(LayerNode.WeightsAddress address, List<String> names) {
        String what = "the weights of the layer " + Quoted.of(address.layer());
        return GuardedReading.of(what, () -> {
            Group group = weights.root();
            for (String step : address.stored()) {
                group = Hdf5File.group(group, step);
            }
            Group variables = Hdf5File.group(group, VARIABLES);
            requireName(variables, address.layer());
            int count = Hdf5File.size(variables);
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String name = i < names.size() ? names.get(i) : String.valueOf(i);
                tensors.put(name, StoredTensor.of(Hdf5File.dataset(variables, String.valueOf(i))));
            }
            return tensors;
        });
    }

    /** Checks the layer's name, which newer files keep beside the weights. */
    private static void requireName(Group variables, String layer) {
        for (String name : Hdf5File.texts(variables, "name")) {
            if (!name.equals(layer)) {
                throw new ModelFileException("the group " + Quoted.of(variables.getPath()) + " holds the weights of "
                        + Quoted.of(name) + ", expected those of " + Quoted.of(layer)
                        + ". Weights and configuration are not of the same model: save it again.");
            }
        }
    }

    @Override
    public void close() {
        weights.close();
    }
}
