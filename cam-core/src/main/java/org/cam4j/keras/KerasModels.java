package org.cam4j.keras;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads Keras models.
 *
 * <p>What is read: {@code .h5} files of Keras 2, functional and sequential. The graph computes at inference what Keras
 * computes, within float32 rounding; layers that do something only in training are left out of it.
 *
 * <p>Files are not trusted: whatever is in one, the answer is a graph or a {@link org.cam4j.exception.CamException}. All
 * shapes are compared with the configuration before anything is allocated for them, and nothing outside the file is opened.
 */
public final class KerasModels {

    private KerasModels() {}

    /**
     * Reads a model with its weights.
     *
     * <p>The graph takes images [n, h, w, c], also where the model was made with {@code channels_first}, and its
     * activations are [n, h, w, c]; what global pooling keeps as [n, 1, 1, c] is [n, c]. Its layers carry Keras' names. Weights
     * of half or double precision become float32.
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
     * @return the graph as by {@link #read}, and the size of its input
     * @throws ModelFileException if the file is missing, damaged, or no Keras model
     * @throws UnsupportedModelException if layers of the model cannot be built exactly; the message names each
     */
    public static ImportedModel load(Path file) {
        Objects.requireNonNull(file, "file");
        try (KerasArchive archive = FileFormat.open(file)) {
            requireKeras2(archive);
            LayerGraph graph = ChannelsLast.rewritten(ConfigReader.read(archive.config()));
            Network network = simplified(Network.read(graph, archive));
            return new ImportedModel(GraphAssembly.assembled(network), network.inputShape());
        } catch (ModelFileException e) {
            throw new ModelFileException("Keras file '" + file + "': " + e.getMessage(), e);
        } catch (UnsupportedModelException e) {
            throw new UnsupportedModelException("Keras file '" + file + "': " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new ModelFileException(
                    "Keras file '" + file
                            + "': sizes in its configuration are too large to compute with. It is damaged:"
                            + " save the model again.",
                    e);
        } catch (IOException e) {
            throw new ModelFileException("Keras file '" + file + "' cannot be read: " + e, e);
        }
    }

    /** Flattening what pooling made a vector is idle too, and is dropped in the second turn. */
    private static Network simplified(Network network) {
        return IdleLayers.dropped(PooledPoints.asVectors(IdleLayers.dropped(network)));
    }

    private static void requireKeras2(KerasArchive archive) {
        String version = archive.kerasVersion().orElse("2");
        if (!version.startsWith("2")) {
            throw new ModelFileException(
                    "Keras " + version + " wrote it, expected Keras 2: load the model with tf_keras"
                            + " (pip install tf_keras) and save it as .h5.");
        }
    }
}
