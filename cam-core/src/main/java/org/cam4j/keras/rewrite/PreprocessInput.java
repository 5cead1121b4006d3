package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.kind.ChannelOrderKind;

/**
 * Rewrites a {@code Lambda} around {@code preprocess_input} as equivalent layers. Files of Keras 2 name the function's module, which
 * decides among the three kinds. The function's code is not run, only searched for its name.
 */
public final class PreprocessInput {

    /** Class set by {@code CustomLayer.preprocessInput}; no class in Python can have this name. */
    public static final String CLASS_NAME = "cam4j:PreprocessInput";

    public static final String MODE = "mode";

    private static final String FUNCTION = "preprocess_input";

    /** Matches modules of Keras' own packages, and no other modules with the same ending. */
    private static final Pattern MODULE = Pattern.compile(
            "(?:(?:tensorflow\\.python\\.)?keras|tf_keras)(?:\\.src)?\\.applications\\.(\\w+)|keras_applications\\.(\\w+)");

    private static final String CHOOSING = "imagenet_utils";
    private static final String CAFFE = "caffe";
    private static final String TF = "tf";
    private static final String TORCH = "torch";
    private static final String NONE = "none";
    private static final Set<String> CHOICES = Set.of(CAFFE, TF, TORCH);

    /** Modes by the modules of {@code keras.applications}. */
    private static final Map<String, String> MODES = Map.ofEntries(
            Map.entry("vgg16", CAFFE),
            Map.entry("vgg19", CAFFE),
            Map.entry("resnet", CAFFE),
            Map.entry("resnet50", CAFFE),
            Map.entry("resnet_v2", TF),
            Map.entry("inception_v3", TF),
            Map.entry("inception_resnet_v2", TF),
            Map.entry("xception", TF),
            Map.entry("mobilenet", TF),
            Map.entry("mobilenet_v2", TF),
            Map.entry("nasnet", TF),
            Map.entry("densenet", TORCH),
            Map.entry("mobilenet_v3", NONE),
            Map.entry("efficientnet", NONE),
            Map.entry("efficientnet_v2", NONE),
            Map.entry("convnext", NONE),
            Map.entry("regnet", NONE));

    /** ImageNet's mean, BGR; repeats the numbers of {@code image.Preprocessing}, which this package may not use. */
    private static final double[] CAFFE_MEAN = {103.939, 116.779, 123.68};

    private static final double[] TORCH_MEAN = {0.485, 0.456, 0.406};
    private static final double[] TORCH_DEVIATION = {0.229, 0.224, 0.225};

    private PreprocessInput() {}

    /**
     * Checks a mode.
     *
     * @throws IllegalArgumentException if Keras has no such mode
     */
    public static String requireMode(String mode) {
        if (!CHOICES.contains(mode)) {
            throw new IllegalArgumentException(
                    "preprocess_input of the mode '" + mode + "': expected one of " + CHOICES);
        }
        return mode;
    }

    /** Returns the graph with layers in place of {@code preprocess_input} functions of a known kind. */
    public static LayerGraph asLayers(LayerGraph graph) {
        List<LayerNode> nodes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        graph.nodes().forEach(node -> names.add(node.name()));
        for (LayerNode node : graph.nodes()) {
            Optional<String> mode = mode(node.config());
            if (isOfUnknownModule(node.config())) {
                nodes.add(WrittenLayer.refused(
                                node,
                                "preprocess_input of a network that the file does not name; supply"
                                        + " CustomLayer.preprocessInput")
                        .of(node));
            } else if (mode.isEmpty()) {
                nodes.add(node);
            } else if (mode.get().equals(CAFFE)) {
                LayerNode reversed = reversed(node, names);
                nodes.add(reversed);
                nodes.add(affine(node, CAFFE).withInputs(List.of(reversed.name())));
            } else {
                nodes.add(affine(node, mode.get()));
            }
        }
        return new LayerGraph(nodes, graph.inputs(), graph.outputs());
    }

    /** Whether a layer is a {@code preprocess_input} whose network the file does not name. */
    private static boolean isOfUnknownModule(LayerConfig config) {
        return config.className().equals("Lambda")
                && config.supplied().isEmpty()
                && config.get("function").path("config").asText().equals(FUNCTION);
    }

    private static Optional<String> mode(LayerConfig config) {
        if (config.className().equals(CLASS_NAME)) {
            return Optional.of(config.text(MODE, "")).filter(CHOICES::contains);
        }
        if (!config.className().equals("Lambda")
                || !config.text("function_type", "").equals("lambda")
                || !calls(config.get("function"))) {
            return Optional.empty();
        }
        Matcher module = MODULE.matcher(config.text("module", ""));
        JsonNode arguments = config.get("arguments");
        if (!module.matches() || arguments.path("data_format").asText().equals("channels_first")) {
            return Optional.empty();
        }
        String name = module.group(1) == null ? module.group(2) : module.group(1);
        return name.equals(CHOOSING)
                ? Optional.of(arguments.path(MODE).asText(CAFFE)).filter(CHOICES::contains)
                : Optional.ofNullable(MODES.get(name));
    }

    /** Whether the code stored by Keras 2 contains the function's name. */
    private static boolean calls(JsonNode function) {
        try {
            byte[] code = Base64.getMimeDecoder().decode(function.path(0).asText());
            return new String(code, StandardCharsets.ISO_8859_1).contains(FUNCTION);
        } catch (IllegalArgumentException e) {
            return false; // No code of Python; the layer is then refused.
        }
    }

    private static LayerNode reversed(LayerNode node, Set<String> names) {
        String name = node.name() + "_bgr";
        while (!names.add(name)) {
            name += "_";
        }
        LayerConfig order = new LayerConfig(name, ChannelOrderKind.CLASS_NAME, JsonNodeFactory.instance.objectNode());
        return new LayerNode(name, order, node.inputs(), node.weights());
    }

    /** Keras computes x, or x / 127.5, or x / 255, then subtracts the mean, then divides by the deviation. */
    private static LayerNode affine(LayerNode node, String mode) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (mode) {
            case CAFFE -> {
                for (double mean : CAFFE_MEAN) {
                    json.withArray("offset").add(-mean);
                }
            }
            case TF -> json.put("scale", 1 / 127.5).put("offset", -1);
            case TORCH -> {
                for (int i = 0; i < TORCH_MEAN.length; i++) {
                    json.withArray("scale").add(1 / (255 * TORCH_DEVIATION[i]));
                    json.withArray("offset").add(-TORCH_MEAN[i] / TORCH_DEVIATION[i]);
                }
            }
            default -> {
                // The network contains its own preprocessing.
            }
        }
        return node.withConfig(new LayerConfig(node.config().layer(), "Rescaling", json));
    }
}
