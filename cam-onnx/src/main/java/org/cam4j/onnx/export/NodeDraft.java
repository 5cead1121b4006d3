package org.cam4j.onnx.export;

import com.google.protobuf.ByteString;
import org.cam4j.onnx.schema.AttributeProto;
import org.cam4j.onnx.schema.NodeProto;

/** A node with its attributes. Not thread-safe. */
final class NodeDraft {

    private final NodeProto.Builder node;
    private final String output;

    /** @param node has inputs and one output */
    NodeDraft(NodeProto.Builder node) {
        this.node = node;
        this.output = node.getOutput(0);
    }

    NodeDraft with(String name, long number) {
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(number));
        return this;
    }

    NodeDraft with(String name, float number) {
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(number));
        return this;
    }

    NodeDraft with(String name, String text) {
        node.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(text)));
        return this;
    }

    NodeDraft with(String name, int... numbers) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (int number : numbers) {
            attribute.addInts(number);
        }
        node.addAttribute(attribute);
        return this;
    }

    /** Returns the name of the tensor that the node makes. */
    String output() {
        return output;
    }
}
