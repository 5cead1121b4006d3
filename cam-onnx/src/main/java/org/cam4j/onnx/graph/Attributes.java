package org.cam4j.onnx.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.onnx.schema.AttributeProto;
import org.cam4j.onnx.schema.GraphProto;

/** A node's attributes by name. */
public final class Attributes {

    private final Map<String, AttributeProto> byName;
    private final TensorReader tensors;

    private Attributes(Map<String, AttributeProto> byName, TensorReader tensors) {
        this.byName = byName;
        this.tensors = tensors;
    }

    static Attributes of(List<AttributeProto> listed, TensorReader tensors) {
        Map<String, AttributeProto> byName = new HashMap<>();
        listed.forEach(attribute -> byName.put(attribute.getName(), attribute));
        return new Attributes(byName, tensors);
    }

    /** Returns no attributes. */
    public static Attributes none() {
        return new Attributes(Map.of(), null);
    }

    /** Returns a single integer. */
    public static Attributes of(String name, int value) {
        AttributeProto attribute = AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
        return new Attributes(Map.of(name, attribute), null);
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Returns an integer that fits 32 bits; a larger one becomes the nearest. */
    public int integer(String name, int otherwise) {
        AttributeProto attribute = byName.get(name);
        return attribute == null ? otherwise : saturated(attribute.getI());
    }

    public float number(String name, float otherwise) {
        AttributeProto attribute = byName.get(name);
        return attribute == null ? otherwise : attribute.getF();
    }

    public String text(String name, String otherwise) {
        AttributeProto attribute = byName.get(name);
        return attribute == null ? otherwise : attribute.getS().toStringUtf8();
    }

    /** Returns integers; empty if there is no such attribute. */
    public Optional<int[]> integers(String name) {
        AttributeProto attribute = byName.get(name);
        if (attribute == null) {
            return Optional.empty();
        }
        return Optional.of(
                attribute.getIntsList().stream().mapToInt(Attributes::saturated).toArray());
    }

    public Optional<float[]> numbers(String name) {
        AttributeProto attribute = byName.get(name);
        if (attribute == null) {
            return Optional.empty();
        }
        float[] numbers = new float[attribute.getFloatsCount()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = attribute.getFloats(i);
        }
        return Optional.of(numbers);
    }

    public Optional<Constant> tensor(String name) {
        AttributeProto attribute = byName.get(name);
        return attribute == null || !attribute.hasT()
                ? Optional.empty()
                : Optional.of(tensors.constant(attribute.getT()));
    }

    Optional<GraphProto> graph(String name) {
        AttributeProto attribute = byName.get(name);
        return attribute == null || !attribute.hasG() ? Optional.empty() : Optional.of(attribute.getG());
    }

    private static int saturated(long number) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
    }
}
