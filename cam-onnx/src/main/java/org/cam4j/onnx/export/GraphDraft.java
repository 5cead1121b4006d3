package org.cam4j.onnx.export;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.StringStringEntryProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.TensorShapeProto;
import org.cam4j.onnx.schema.TypeProto;
import org.cam4j.onnx.schema.ValueInfoProto;

/** A graph under construction: nodes, weights, and a name of its own for every tensor. Not thread-safe. */
final class GraphDraft {

    /** The name of the axis of images. */
    static final String BATCH = "N";

    /** Numbers of an array that is large. */
    private static final int MANY = 256;

    private static final long MOST_BYTES = Integer.MAX_VALUE - (16L << 20);

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final List<NodeProto.Builder> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> scalars = new HashMap<>();
    private final IdentityHashMap<Object, Map<String, String>> weights = new IdentityHashMap<>();
    private final Optional<Map<String, PlanGraph.Weights>> outside;
    private String step = "";
    private long bytes;

    /** @param reserved names that no node in between may take */
    GraphDraft(Set<String> reserved) {
        this(reserved, Optional.empty());
    }

    /**
     * @param reserved names that no node in between may take
     * @param outside gets large arrays, which the graph then only names
     */
    GraphDraft(Set<String> reserved, Optional<Map<String, PlanGraph.Weights>> outside) {
        names.addAll(reserved);
        this.outside = outside;
    }

    /** Whether a runtime computes the graph that shares this process' memory: no reader of files needs to understand the graph. */
    boolean isForThisProcess() {
        return outside.isPresent();
    }

    /** Names the following tensors after a step. */
    void step(String name) {
        step = name.isEmpty() ? "step" : name;
    }

    private String free(String wanted) {
        String name = wanted;
        for (int i = 2; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    // ---- nodes ----

    /** Adds a node; an input that is left out is "". */
    NodeDraft node(String operator, String... inputs) {
        String output = free(step + "/" + operator);
        NodeProto.Builder node = NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
        nodes.add(node);
        return new NodeDraft(node);
    }

    /** Adds a node without attributes and returns the name of the tensor that it makes. */
    String add(String operator, String... inputs) {
        return node(operator, inputs).output();
    }

    /** Adds a further output to the last node. */
    String second(String what) {
        String output = free(step + "/" + what);
        nodes.get(nodes.size() - 1).addOutput(output);
        return output;
    }

    /** Gives the result of the last node, which no node reads yet, the name of its step. */
    String renamed(String tensor) {
        if (!nodes.isEmpty() && nodes.get(nodes.size() - 1).getOutput(0).equals(tensor) && tensor.contains("/")) {
            String name = free(step);
            nodes.get(nodes.size() - 1).setOutput(0, name).setName(name);
            return name;
        }
        return tensor;
    }

    // ---- constants ----

    String scalar(float value) {
        return scalars.computeIfAbsent(
                "float " + Float.floatToIntBits(value), key -> floats("constant", new float[] {value}));
    }

    String floats(String what, float[] values, long... dims) {
        if (outside.isPresent() && values.length >= MANY) {
            return keptOutside(what, () -> values, dims);
        }
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(what, TensorProto.DataType.FLOAT, raw, dims);
    }

    private String keptOutside(String what, Supplier<float[]> values, long... dims) {
        String name = free(step + "/" + what);
        outside.orElseThrow().put(name, new PlanGraph.Weights(values, dims));
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("memory"));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        graph.addInitializer(tensor);
        return name;
    }

    /** Returns a tensor of weights that several steps share; read once for each form. */
    String shared(Object array, String form, String what, Supplier<float[]> values, long... dims) {
        Map<String, String> forms = weights.computeIfAbsent(array, key -> new HashMap<>());
        String known = forms.get(form);
        if (known == null) {
            long numbers = 1;
            for (long dim : dims) {
                numbers *= dim;
            }
            if (outside.isPresent() && numbers >= MANY) {
                known = keptOutside(what, values, dims);
            } else {
                // Before the weights are read: they may be in a file.
                requireRoom(numbers * Float.BYTES);
                known = floats(what, values.get(), dims);
            }
            forms.put(form, known);
        }
        return known;
    }

    /** Returns a vector of integers. */
    String longs(long... values) {
        return longs("numbers", values);
    }

    String longs(String what, long... values) {
        return integers(free(step + "/" + what), values);
    }

    /** Adds a vector of integers under a name. */
    String integers(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return stored(name, TensorProto.DataType.INT64, raw, values.length);
    }

    private String constant(String what, TensorProto.DataType type, ByteBuffer raw, long... dims) {
        return stored(free(step + "/" + what), type, raw, dims);
    }

    private String stored(String name, TensorProto.DataType type, ByteBuffer raw, long... dims) {
        requireRoom(raw.capacity());
        bytes += raw.capacity();
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(raw));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        graph.addInitializer(tensor);
        return name;
    }

    private void requireRoom(long more) {
        if (bytes + more > MOST_BYTES) {
            throw new UnsupportedModelException("the weights need more than 2 GiB, at '" + step
                    + "'; expected less, which one ONNX file can hold. Save a prepared model instead.");
        }
    }

    // ---- ends ----

    void input(String name, TensorProto.DataType type, String batch, List<Long> dims) {
        graph.addInput(described(name, type, batch, dims));
    }

    void output(String name, String tensor, List<Long> dims) {
        nodes.add(NodeProto.newBuilder()
                .setName(name)
                .setOpType("Identity")
                .addInput(tensor)
                .addOutput(name));
        graph.addOutput(described(name, TensorProto.DataType.FLOAT, BATCH, dims));
    }

    private static ValueInfoProto described(String name, TensorProto.DataType type, String batch, List<Long> dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam(batch);
        dims.forEach(dim -> shape.addDimBuilder().setDimValue(dim));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }

    GraphProto graph(String name) {
        nodes.forEach(graph::addNode);
        return graph.setName(name).build();
    }
}
