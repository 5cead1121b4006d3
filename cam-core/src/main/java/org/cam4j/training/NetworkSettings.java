package org.cam4j.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cam4j.Labels;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;
import org.cam4j.file.WholeFile;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;

/** The settings and labels of a network: within a DL4J zip, or in two files beside a Keras model. */
final class NetworkSettings {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private NetworkSettings() {}

    static byte[] encode(GapNetwork network) throws IOException {
        ImagePreparation preparation = network.preparation();
        ObjectNode root = JSON.createObjectNode()
                .put("height", preparation.height())
                .put("width", preparation.width())
                .put("channels", preparation.channels());
        putPreparation(root, preparation);
        network.labels().names().forEach(root.putArray("labels")::add);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    /** @throws ModelFileException if it is not what {@link #encode} writes */
    static Labels labels(byte[] encoded) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : parsed(encoded).path("labels")) {
            names.add(name.asText());
        }
        if (names.isEmpty()) {
            throw new ModelFileException("its " + NetworkZip.SETTINGS + " has no \"labels\".");
        }
        return Labels.of(names);
    }

    /** @throws ModelFileException if it is not what {@link #encode} writes */
    static ImagePreparation preparation(byte[] encoded) {
        JsonNode root = parsed(encoded);
        try {
            return new ImagePreparation(
                    root.path("height").asInt(),
                    root.path("width").asInt(),
                    root.path("channels").asInt(),
                    Preprocessing.parse(root.path("preprocessing").asText()),
                    Interpolation.valueOf(root.path("resize").asText().toUpperCase(Locale.ROOT)),
                    Fit.valueOf(root.path("fit").asText().toUpperCase(Locale.ROOT)),
                    root.path("short_side").asInt());
        } catch (IllegalArgumentException e) {
            throw new ModelFileException("its " + NetworkZip.SETTINGS + " is wrong: " + e.getMessage(), e);
        }
    }

    private static JsonNode parsed(byte[] encoded) {
        try {
            return JSON.readTree(encoded);
        } catch (JacksonException e) {
            throw new ModelFileException("its " + NetworkZip.SETTINGS + " is no JSON: " + JsonFault.of(e), e);
        } catch (IOException e) {
            throw new ModelFileException("its " + NetworkZip.SETTINGS + " cannot be read: " + IoReason.of(e), e);
        }
    }

    /** {@code animals.json} and {@code animals.labels.txt} for {@code animals.h5}. */
    static void writeBeside(GapNetwork network, Path model) {
        String stem = model.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        String labels = stem + ".labels.txt";
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < network.labels().size(); i++) {
            lines.append(i).append('\t').append(network.labels().get(i)).append('\n');
        }
        ObjectNode root = JSON.createObjectNode();
        putPreparation(root, network.preparation());
        root.put("labels", labels);
        WholeFile.write(
                model.resolveSibling(labels), out -> out.write(lines.toString().getBytes(StandardCharsets.UTF_8)));
        WholeFile.write(
                model.resolveSibling(stem + ".json"),
                out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
    }

    private static void putPreparation(ObjectNode root, ImagePreparation preparation) {
        root.put("preprocessing", preparation.preprocessing().toString())
                .put("resize", preparation.interpolation().name().toLowerCase(Locale.ROOT))
                .put("fit", preparation.fit().name().toLowerCase(Locale.ROOT));
        if (preparation.shortSide() > 0) {
            root.put("short_side", String.valueOf(preparation.shortSide()));
        }
    }
}
