package org.cam4j.onnx.file;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Estimates the memory that a message takes once it is read, from its fields' tags alone: two bytes of a file can ask for an object of
 * two hundred. Texts and packed numbers count by their bytes on the wire; blocks of bytes stay in the file.
 */
final class ReadingCost {

    private static final long MESSAGE = 240;
    private static final long VALUE = 16;
    /** A number of one byte on the wire is a long in memory, in a list that grows by half. */
    private static final long PACKED = 12;

    private final long most;
    private long cost;

    private ReadingCost(long most) {
        this.most = most;
    }

    /**
     * Whether a message takes at most some memory; reading stops as soon as it is clear that it takes more.
     *
     * @param input at the message's start; read to its end
     * @param message what it is
     * @param most bytes
     * @throws IOException if the bytes are no message or nest too deep
     */
    static boolean isAtMost(CodedInputStream input, Descriptor message, long most) throws IOException {
        ReadingCost counting = new ReadingCost(most);
        counting.add(input, message);
        return counting.cost <= most;
    }

    private void add(CodedInputStream input, Descriptor message) throws IOException {
        cost += MESSAGE;
        while (cost <= most) {
            int tag = input.readTag();
            if (tag == 0) {
                return;
            }
            cost += VALUE;
            FieldDescriptor field = message.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            boolean isBlock = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (field == null || !isBlock || field.getJavaType() == JavaType.BYTE_STRING) {
                input.skipField(tag);
            } else {
                int length = input.readRawVarint32();
                if (field.getJavaType() == JavaType.MESSAGE) {
                    int outer = input.pushLimit(length);
                    nested(input, field.getMessageType());
                    input.popLimit(outer);
                } else {
                    cost += field.getJavaType() == JavaType.STRING ? 2L * length : PACKED * length;
                    input.skipRawBytes(length);
                }
            }
        }
    }

    private int depth;

    private void nested(CodedInputStream input, Descriptor message) throws IOException {
        depth++;
        if (depth > OnnxFile.DEEPEST) {
            throw new IOException("its messages nest more than " + OnnxFile.DEEPEST + " levels deep");
        }
        add(input, message);
        if (cost > most) {
            input.skipRawBytes(input.getBytesUntilLimit());
        }
        depth--;
    }
}
