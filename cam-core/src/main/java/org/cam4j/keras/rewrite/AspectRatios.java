package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.AspectRatio;
import org.cam4j.keras.kind.CenterCropKind;
import org.cam4j.keras.kind.ResizingKind;

/** Rewrites resizing that keeps the aspect ratio as a chain: a crop or a border, then plain {@code Resizing}. */
public final class AspectRatios {

    private final CheckedModel network;
    private final Map<String, TensorShape> shapes;
    private final List<LayerNode> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private AspectRatios(CheckedModel network) {
        this.network = network;
        this.shapes = new HashMap<>(network.shapes());
        network.graph().nodes().forEach(node -> names.add(node.name()));
    }

    /** Returns the same network without layers that keep an aspect ratio. */
    public static CheckedModel spelledOut(CheckedModel network) {
        AspectRatios rewriting = new AspectRatios(network);
        LayerGraph graph = network.graph();
        graph.nodes().forEach(rewriting::add);
        return new CheckedModel(
                new LayerGraph(rewriting.nodes, graph.inputs(), graph.outputs()), rewriting.shapes, network.weights());
    }

    private void add(LayerNode node) {
        boolean isCrop = node.className().equals("CenterCrop");
        if (!isCrop && !(node.className().equals("Resizing") && AspectRatio.isKept(node.config()))) {
            nodes.add(node);
            return;
        }
        TensorShape input = network.inputShapes(node).get(0);
        TensorShape target = shapes.get(node.name());
        if (isCrop && CenterCropKind.isLargeEnough(input, target)) {
            nodes.add(node);
            return;
        }
        AspectRatio ratio = isCrop ? AspectRatio.cropped(input, target) : AspectRatio.of(node.config(), input, target);
        WrittenLayer resizing = new WrittenLayer("Resizing")
                .with("height", JsonNodeFactory.instance.numberNode(target.height()))
                .with("width", JsonNodeFactory.instance.numberNode(target.width()))
                .with(ResizingKind.INTERPOLATION, node.config().text(ResizingKind.INTERPOLATION, "bilinear"));
        nodes.add(resizing.of(node).withInputs(List.of(bordered(node, ratio))));
    }

    /** Returns the node whose output is resized. */
    private String bordered(LayerNode node, AspectRatio ratio) {
        String read = node.inputs().get(0);
        if (ratio.isIdle()) {
            return read;
        }
        boolean isFilled = !ratio.isCropped() && ratio.filling() != 0;
        if (isFilled) {
            read = add(node, read, shifted(-ratio.filling()));
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        List<Integer> sides = ratio.sides();
        ArrayNode axes = json.putArray(ratio.isCropped() ? "cropping" : "padding");
        axes.addArray().add(sides.get(0)).add(sides.get(1));
        axes.addArray().add(sides.get(2)).add(sides.get(3));
        read = add(node, read, new WrittenLayer(ratio.isCropped() ? "Cropping2D" : "ZeroPadding2D", json));
        return isFilled ? add(node, read, shifted(ratio.filling())) : read;
    }

    /** Returns {@code x + offset}: a border of zeros around {@code x - filling} is a border of {@code filling} around {@code x}. */
    private static WrittenLayer shifted(double offset) {
        return new WrittenLayer("Rescaling")
                .with("scale", JsonNodeFactory.instance.numberNode(1))
                .with("offset", JsonNodeFactory.instance.numberNode(offset));
    }

    private String add(LayerNode node, String input, WrittenLayer written) {
        LayerNode layer = written.of(node);
        LayerNode named = new LayerNode(unique(node.name()), layer.config(), List.of(input), node.weights());
        nodes.add(named);
        shapes.put(named.name(), CheckedModel.kind(named).output(named.config(), List.of(shapes.get(input))));
        return named.name();
    }

    private String unique(String name) {
        String unique = name + "_part1";
        for (int i = 2; !names.add(unique); i++) {
            unique = name + "_part" + i;
        }
        return unique;
    }
}
