package org.cam4j.keras;

import java.io.InputStream;
import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads Keras models into DL4J graphs; also useful without class activation maps.
 *
 * <p>Supports {@code .h5} files of Keras 2 and 3 and {@code .keras} files, functional and sequential models, nested in each other
 * at any depth. The graph computes at inference what Keras computes, within float32 rounding. Layers that act only in training
 * are dropped. The graph is an ordinary one: {@code ModelSerializer} saves and restores it, and DL4J can train it further.
 *
 * <p>Files are not trusted: any content gives a graph or a {@link org.cam4j.exception.CamException}. All shapes are compared with
 * the configuration before memory is allocated for them. Nothing outside the file is opened, and no code in the file is run.
 */
public final class KerasModels {

    private KerasModels() {}

    /**
     * Returns a reader with the standard settings; its {@code with} methods change limits, outputs and other settings.
     *
     * @return the reader that all methods of this class use
     */
    public static KerasReader reader() {
        return KerasReader.STANDARD;
    }

    /**
     * Reads a model with its weights.
     *
     * <p>Images and activations are [n, h, w, c], also for models with {@code channels_first}; where Keras' global pooling gives
     * [n, 1, 1, c], the graph has [n, c]. Layers keep Keras' names, also those of nested models; if two names are equal, the second
     * gets a number. Weights of half or double precision become float32.
     *
     * @param file a model saved with {@code model.save(...)}
     * @return the graph, initialised
     * @throws ModelFileException if the file is missing, damaged, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ComputationGraph read(Path file) {
        return load(file).graph();
    }

    /**
     * Reads a model with its weights and what a DL4J graph does not keep.
     *
     * @param file a model saved with {@code model.save(...)}
     * @return the graph as by {@link #read}, the size of its input, its outputs, and what was dropped or rewritten
     * @throws ModelFileException if the file is missing, damaged, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ImportedModel load(Path file) {
        return reader().load(file);
    }

    /**
     * Reads a model from a stream, such as a resource of the classpath.
     *
     * @param stream the bytes of a file; read to its end, not closed
     * @return the model, as {@link #load(Path)} returns it
     * @throws ModelFileException if the bytes are damaged or no Keras model, or cannot be read
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ImportedModel load(InputStream stream) {
        return reader().load(stream);
    }

    /**
     * Reads a model from memory.
     *
     * @param bytes the bytes of a file; not modified
     * @return the model, as {@link #load(Path)} returns it
     * @throws ModelFileException if the bytes are damaged or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ImportedModel load(byte[] bytes) {
        return reader().load(bytes);
    }
}
