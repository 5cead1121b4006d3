package org.cam4j.keras.file;

import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cam4j.exception.Listed;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.GuardedReading;
import org.cam4j.keras.hdf5.Hdf5File;
import org.cam4j.keras.hdf5.StoredTensor;

/**
 * An {@code .h5} file of {@code model.save} or {@code model.save_weights}, of Keras 2 or 3. Each layer of the outermost model, also a
 * nested model, has one group with its weights; the group's attribute {@code weight_names} gives their order.
 */
final class NamedArchive implements KerasArchive {

    static final String CONFIG = "model_config";
    static final String WEIGHTS = "model_weights";

    static final String LAYER_NAMES = "layer_names";
    private static final String WEIGHT_NAMES = "weight_names";

    /** Keras 1's names of weights, also in files that keras.applications still publishes. */
    private static final Pattern EARLY = Pattern.compile(
            "(?!lora_).*_(W|b|gamma|beta|running_mean|running_std|alphas|depthwise_kernel|pointwise_kernel)");

    private static final Map<String, String> SINCE = Map.of(
            "W", "kernel",
            "b", "bias",
            "running_mean", "moving_mean",
            "running_std", "moving_variance",
            "alphas", "alpha");

    private final Hdf5File file;
    private final Map<String, List<String>> names = new HashMap<>();

    NamedArchive(Hdf5File file) {
        this.file = file;
    }

    @Override
    public String config() {
        return file.text(CONFIG).orElseThrow(() -> new ModelFileException(withoutModel()));
    }

    private String withoutModel() {
        Group root = file.root();
        if (Hdf5File.size(root) == 0) {
            return "it is an empty HDF5 file: saving was interrupted, or it never was a model. Save it again.";
        }
        return Hdf5File.has(root, WEIGHTS) || !texts(root, LAYER_NAMES).isEmpty()
                ? "it has no " + CONFIG + ", so it holds weights without a model: save with model.save(...) instead of"
                        + " model.save_weights(...), or read it with KerasReader.withWeights."
                : "it is an HDF5 file that Keras did not write, with " + Listed.of(Hdf5File.names(root))
                        + ", expected a Keras model. Give the file that model.save(...) wrote.";
    }

    @Override
    public Optional<String> kerasVersion() {
        return file.text("keras_version");
    }

    @Override
    public List<String> layerNames() {
        Group root = file.root();
        return GuardedReading.of(
                "the names of the layers",
                () -> texts(Hdf5File.has(root, WEIGHTS) ? Hdf5File.group(root, WEIGHTS) : root, LAYER_NAMES));
    }

    @Override
    public Map<String, StoredTensor> weights(LayerNode.WeightsAddress address, List<String> expected) {
        String what = "the weights of the layer " + Quoted.of(address.layer());
        return GuardedReading.of(what, () -> {
            Group group = Hdf5File.group(root(), address.outermost());
            Map<String, StoredTensor> weights = new LinkedHashMap<>();
            for (String name :
                    own(names.computeIfAbsent(address.outermost(), key -> texts(group, WEIGHT_NAMES)), address)) {
                String base = baseName(name);
                // Keras 3 names a depthwise kernel "kernel".
                String called =
                        base.equals("kernel") && expected.contains("depthwise_kernel") ? "depthwise_kernel" : base;
                if (weights.put(called, StoredTensor.of(Hdf5File.dataset(group, name))) != null) {
                    throw new ModelFileException(what + " name " + Quoted.of(base) + " twice: the file is damaged.");
                }
            }
            return weights;
        });
    }

    /** Returns the group of all weights; in a file of weights alone, the file itself. */
    private Group root() {
        Group root = file.root();
        return file.text(CONFIG).isPresent() || Hdf5File.has(root, WEIGHTS) ? Hdf5File.group(root, WEIGHTS) : root;
    }

    /** Reads a list of names; Keras splits a list too large for one attribute into {@code weight_names0}, {@code weight_names1}, ... */
    private static List<String> texts(Group group, String attribute) {
        List<String> texts = new ArrayList<>(Hdf5File.texts(group, attribute));
        List<String> more = Hdf5File.texts(group, attribute + 0);
        for (int i = 1; !more.isEmpty(); i++) {
            texts.addAll(more);
            more = Hdf5File.texts(group, attribute + i);
        }
        return texts;
    }

    /**
     * Selects one layer's weights among those of a nested model. A weight's name begins with names of the models around the layer, from the
     * inside outwards, or of a model that the file does not tell; then comes the layer's name.
     */
    private static List<String> own(List<String> names, LayerNode.WeightsAddress address) {
        if (address.layers().size() == 1) {
            // If a layer's activation is a layer, the group holds the weights of both.
            List<String> own = where(names, name -> owner(name).equals(address.layer()));
            return own.isEmpty() ? names : own;
        }
        for (int from = 0; from < address.layers().size(); from++) {
            String owner = String.join(
                    "/", address.layers().subList(from, address.layers().size()));
            List<String> own = where(names, name -> owner(name).equals(owner));
            if (!own.isEmpty()) {
                return own;
            }
        }
        return where(names, name -> owner(name).endsWith("/" + address.layer()));
    }

    private static List<String> where(List<String> names, Predicate<String> condition) {
        return names.stream().filter(condition).toList();
    }

    private static String owner(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /** Returns a weight's plain name: {@code kernel} of {@code block1/conv/kernel_1:0}. */
    private static String baseName(String name) {
        String base = name.substring(name.lastIndexOf('/') + 1)
                .replaceFirst(":\\d+$", "")
                .replaceFirst("_\\d+$", "");
        Matcher early = EARLY.matcher(base);
        return early.matches() ? SINCE.getOrDefault(early.group(1), early.group(1)) : base;
    }

    @Override
    public void close() {
        file.close();
    }
}
