package org.cam4j.keras;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.config.Architecture;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.file.Blame;

/**
 * Networks of {@code keras.applications} whose weights are published without the model.
 *
 * <p>The files are those of {@code model.save_weights(...)} ({@code .h5} or {@code .weights.h5}) and the published ones, such as
 * {@code vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5}.
 */
public enum KerasApplication {
    /** 13 convolutions (Simonyan and Zisserman, ICLR 2015, configuration D). */
    VGG16(3),
    /** 16 convolutions (configuration E). */
    VGG19(4);

    private static final int BLOCKS = 5;
    private static final int SIZE = 224;
    private static final int CLASSES = 1000;
    private static final int CHANNELS = 64;
    private static final int HIDDEN = 4096;

    /** Convolutions in each of the last three blocks; the first two blocks have two. */
    private final int convolutions;

    KerasApplication(int convolutions) {
        this.convolutions = convolutions;
    }

    /**
     * Reads the whole network with its three dense layers: 224 x 224 x 3 in, 1000 classes out.
     *
     * @param weights a file of weights saved with {@code include_top=True}
     * @return the network
     * @throws ModelFileException if the file is missing, damaged, or of another network
     */
    public ImportedModel withTop(Path weights) {
        return load(weights, config(true, CHANNELS));
    }

    /**
     * Reads the convolutions alone: images of any size in, the last pooling's maps out.
     *
     * @param weights a file of weights saved with {@code include_top=False}
     * @return the network
     * @throws ModelFileException if the file is missing, damaged, or of another network
     */
    public ImportedModel withoutTop(Path weights) {
        return load(weights, config(false, CHANNELS));
    }

    /** Reads the network of a configuration with weights from a separate file. */
    static ImportedModel load(Path weights, String config) {
        return Blame.on("Keras weights '" + weights + "'", () -> KerasReader.STANDARD
                .load(new Architecture(config, Optional.empty()), weights)
                .imported());
    }

    /**
     * Returns the network's JSON as Keras would write it.
     *
     * @param channels channels in the first block
     */
    String config(boolean top, int channels) {
        ObjectNode model = JsonNodeFactory.instance.objectNode().put("class_name", "Sequential");
        ArrayNode layers = model.putObject("config").putArray("layers");
        ArrayNode shape = layer(layers, LayerConfig.INPUT, "input_1")
                .putArray(LayerConfig.INPUT_SHAPE)
                .addNull();
        for (int side = 0; side < 2; side++) {
            if (top) {
                shape.add(SIZE);
            } else {
                shape.addNull();
            }
        }
        shape.add(3);
        for (int block = 1; block <= BLOCKS; block++) {
            for (int i = 1; i <= (block <= 2 ? 2 : convolutions); i++) {
                layer(layers, "Conv2D", "block" + block + "_conv" + i)
                        .put("filters", channels << Math.min(block - 1, 3))
                        .put("kernel_size", 3)
                        .put("padding", "same")
                        .put("activation", "relu");
            }
            layer(layers, "MaxPooling2D", "block" + block + "_pool")
                    .put("pool_size", 2)
                    .put("strides", 2);
        }
        if (top) {
            layer(layers, "Flatten", "flatten");
            layer(layers, "Dense", "fc1").put("units", HIDDEN).put("activation", "relu");
            layer(layers, "Dense", "fc2").put("units", HIDDEN).put("activation", "relu");
            layer(layers, "Dense", "predictions").put("units", CLASSES).put("activation", "softmax");
        }
        return model.toString();
    }

    private static ObjectNode layer(ArrayNode layers, String className, String name) {
        return layers.addObject()
                .put("class_name", className)
                .putObject("config")
                .put("name", name);
    }
}
