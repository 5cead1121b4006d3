package org.cam4j.onnx.file;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.ModelFileException;
import org.cam4j.file.OpenedFile;
import org.cam4j.onnx.graph.StoredBytes;
import org.cam4j.onnx.schema.ModelProto;

/**
 * An ONNX file as a message of ONNX's schema.
 *
 * @param model its blocks of bytes, such as weights, are in the mapped file
 * @param source the file, which is asked whether it is still the same whenever weights are read
 */
public record OnnxFile(ModelProto model, StoredBytes.Source source) {

    /** Nested messages: a graph in a node's attribute takes three levels, and nobody nests ten. */
    static final int DEEPEST = 60;

    /**
     * Reads a file.
     *
     * @param file an ordinary file
     * @return the file, mapped as long as a block of its bytes is in use
     * @throws ModelFileException if it is missing, damaged, no ONNX, or needs more memory than half of the heap
     */
    public static OnnxFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException("model '" + file + "' is no ordinary file; expected an ONNX file.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            OpenedFile source = OpenedFile.of(file);
            if (channel.size() > Integer.MAX_VALUE) {
                throw new ModelFileException("model '" + file + "' has " + channel.size()
                        + " bytes; expected less than 2 GiB, as no ONNX file may be larger. Export its weights as external"
                        + " data.");
            }
            return new OnnxFile(
                    parsed(file.toString(), channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())),
                    source::read);
        } catch (IOException e) {
            throw new ModelFileException("model '" + file + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @param name for messages
     * @param content not copied
     * @return the file, which stays in memory as long as a block of its bytes is in use
     * @throws ModelFileException if it is damaged, no ONNX, or needs more memory than half of the heap
     */
    public static OnnxFile of(String name, byte[] content) {
        return new OnnxFile(parsed(name, ByteBuffer.wrap(content)), Supplier::get);
    }

    private static ModelProto parsed(String file, ByteBuffer bytes) {
        ByteString content = UnsafeByteOperations.unsafeWrap(bytes);
        try {
            if (!ReadingCost.isAtMost(
                    content.newCodedInput(),
                    ModelProto.getDescriptor(),
                    Runtime.getRuntime().maxMemory() / 2)) {
                throw new ModelFileException("model '" + file + "' needs more than "
                        + (Runtime.getRuntime().maxMemory() >> 21)
                        + " MiB to be read, half of this JVM's memory, besides its weights. Give the JVM more, or export the"
                        + " weights as raw data.");
            }
            CodedInputStream input = content.newCodedInput();
            input.enableAliasing(true);
            input.setRecursionLimit(DEEPEST);
            ModelProto model = ModelProto.parseFrom(input);
            if (!model.hasGraph()) {
                throw new ModelFileException(
                        "model '" + file + "' holds no graph: it is no ONNX model, or an empty one. Export it again.");
            }
            return model;
        } catch (IOException e) {
            throw new ModelFileException(
                    "model '" + file + "' is no ONNX file, or a damaged one: " + e.getMessage()
                            + " Copy or export it again.",
                    e);
        }
    }
}
