package org.cam4j.keras;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.exception.ModelFileException;

/**
 * A {@code .h5} file of {@code model.save}: the configuration is the attribute {@code model_config}, weights lie in groups
 * below {@code model_weights} whose attribute {@code weight_names} gives their order.
 *
 * <p>The file is mapped, so that a size in it can never make the reader allocate more than what is there.
 */
final class Hdf5Archive implements KerasArchive {

    private static final String WEIGHTS = "model_weights";
    private static final String WEIGHT_NAMES = "weight_names";
    private static final String CONFIG = "model_config";
    private static final int MOST_NAMES = 100_000;

    private final HdfFile file;

    private Hdf5Archive(HdfFile file) {
        this.file = file;
    }

    /**
     * Opens a file that begins as HDF5.
     *
     * @throws IOException if it cannot be read at all
     */
    static Hdf5Archive open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new ModelFileException("it has " + size + " bytes, more than the 2 GiB that are read.");
            }
            // The mapping outlives the channel.
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            return GuardedReading.of("the HDF5 header", () -> new Hdf5Archive(complete(bytes)));
        }
    }

    private static HdfFile complete(ByteBuffer bytes) {
        long expected = Superblock.readSuperblock(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN))
                .getEndOfFileAddress();
        if (expected > bytes.capacity()) {
            throw new ModelFileException("it is cut short: " + bytes.capacity() + " bytes, expected " + expected
                    + ". Copy or download it again.");
        }
        return HdfFile.fromByteBuffer(bytes);
    }

    @Override
    public String config() {
        return text(CONFIG)
                .orElseThrow(() -> new ModelFileException("it has no " + CONFIG
                        + ", so it holds weights without a model: save with model.save(...) instead of"
                        + " model.save_weights(...)."));
    }

    @Override
    public Optional<String> kerasVersion() {
        return text("keras_version");
    }

    @Override
    public Map<String, StoredTensor> weights(LayerNode.WeightsAddress address) {
        String what = "the weights of the layer " + Quoted.of(address.layer());
        return GuardedReading.of(what, () -> {
            Group group = group(group(file, WEIGHTS), address.group());
            Map<String, StoredTensor> weights = new LinkedHashMap<>();
            for (String name : weightNames(group)) {
                StoredTensor tensor = new StoredTensor(dataset(group, name));
                if (weights.put(baseName(name), tensor) != null) {
                    throw new ModelFileException(
                            what + " name " + Quoted.of(baseName(name)) + " twice: the file is damaged.");
                }
            }
            return weights;
        });
    }

    /** Keras spreads a list that is too large for one attribute over {@code weight_names0}, {@code weight_names1}, ... */
    private static List<String> weightNames(Group group) {
        List<String> names = new ArrayList<>(texts(group.getAttribute(WEIGHT_NAMES)));
        for (int i = 0; group.getAttribute(WEIGHT_NAMES + i) != null; i++) {
            names.addAll(texts(group.getAttribute(WEIGHT_NAMES + i)));
        }
        return names;
    }

    /** {@code kernel} of {@code block1/conv/kernel_1:0}. */
    private static String baseName(String name) {
        return name.substring(name.lastIndexOf('/') + 1)
                .replaceFirst(":\\d+$", "")
                .replaceFirst("_\\d+$", "");
    }

    private Optional<String> text(String attribute) {
        return GuardedReading.of("the attribute '" + attribute + "'", () -> {
            List<String> texts = texts(file.getAttribute(attribute));
            return texts.isEmpty() ? Optional.empty() : Optional.of(texts.get(0));
        });
    }

    private static List<String> texts(Attribute attribute) {
        if (attribute == null || attribute.isEmpty()) {
            return List.of();
        }
        long count = IntStream.of(attribute.getDimensions()).asLongStream().reduce(1, Math::multiplyExact);
        if (count > MOST_NAMES) {
            throw new ModelFileException(
                    "the attribute '" + attribute.getName() + "' has " + count + " entries: the file is damaged.");
        }
        Object data = attribute.getData();
        if (data instanceof String text) {
            return List.of(text);
        }
        if (data instanceof String[] texts) {
            return List.of(texts);
        }
        throw new ModelFileException("the attribute '" + attribute.getName() + "' is no text: the file is damaged.");
    }

    private static Group group(Group parent, String path) {
        if (descend(parent, path) instanceof Group group) {
            return group;
        }
        throw new ModelFileException("there is no group " + Quoted.of(path)
                + " in it: the file is damaged or was not written by model.save(...).");
    }

    private static Dataset dataset(Group parent, String path) {
        if (descend(parent, path) instanceof Dataset dataset) {
            return dataset;
        }
        throw new ModelFileException("there is no dataset " + Quoted.of(path) + " in '" + parent.getPath()
                + "': the file is damaged or was not written by model.save(...).");
    }

    /** Step by step, because jHDF's own path lookup follows links, also to other files. */
    private static Node descend(Group parent, String path) {
        Node node = parent;
        for (String step : path.split("/", -1)) {
            node = node instanceof Group group ? group.getChild(step) : null;
            if (node instanceof Link) {
                throw new ModelFileException(
                        Quoted.of(node.getPath()) + " is a link: Keras writes none, and none is followed.");
            }
        }
        return node;
    }

    @Override
    public void close() {
        file.close();
    }
}
