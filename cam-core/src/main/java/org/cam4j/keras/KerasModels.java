package org.cam4j.keras;

import java.io.InputStream;
import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads Keras models into DL4J graphs; useful by itself, without any class activation map.
 *
 * <p>What is read: {@code .h5} files of Keras 2 and 3 and {@code .keras} files, functional and sequential models, nested in each
 * other at any depth. The graph computes at inference what Keras computes, within float32 rounding; layers that do something
 * only in training are left out of it. It is an ordinary graph: {@code ModelSerializer} saves and restores it, and it can be
 * trained further.
 *
 * <p>Files are not trusted: whatever is in one, the answer is a graph or a {@link org.cam4j.exception.CamException}. All
 * shapes are compared with the configuration before anything is allocated for them, nothing outside the file is opened, and no
 * code in it is run.
 */
public final class KerasModels {

    private KerasModels() {}

    /**
     * A reader to give settings to, such as limits or one of several outputs.
     *
     * @return the one that all methods here use
     */
    public static KerasReader reader() {
        return KerasReader.STANDARD;
    }

    /**
     * Reads a model with its weights.
     *
     * <p>The graph takes images [n, h, w, c], also where the model was made with {@code channels_first}, and its
     * activations are [n, h, w, c]; what global pooling keeps as [n, 1, 1, c] is [n, c]. Its layers carry Keras' names, those of
     * nested models too, with a number where two are the same. Weights of half or double precision become float32.
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
     * @return as from a file
     * @throws ModelFileException if it is damaged or no Keras model, or cannot be read
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ImportedModel load(InputStream stream) {
        return reader().load(stream);
    }

    /**
     * Reads a model in memory.
     *
     * @param bytes the bytes of a file; not modified
     * @return as from a file
     * @throws ModelFileException if it is damaged or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ImportedModel load(byte[] bytes) {
        return reader().load(bytes);
    }
}
