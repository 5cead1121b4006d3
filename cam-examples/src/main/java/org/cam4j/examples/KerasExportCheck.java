package org.cam4j.examples;

import java.nio.file.Path;
import org.cam4j.file.Npy;
import org.cam4j.training.GapNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A worked example: writes a network as {@code .h5} and {@code .keras}, with its results, for
 * {@code src/test/python/check_keras_export.py}, which loads both files in Keras and compares.
 */
public final class KerasExportCheck {

    private static final int IMAGES = 2;

    private KerasExportCheck() {}

    /**
     * Writes {@code model.h5}, {@code model.keras} and {@code expected.npy}.
     *
     * @param arguments a Keras file with its JSON beside it, and a folder
     */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        GapNetwork network = GapNetwork.fromKeras(Path.of(arguments[0]));
        network.save(folder.resolve("model.h5"));
        network.save(folder.resolve("model.keras"));

        int height = network.preparation().height();
        int width = network.preparation().width();
        int channels = network.preparation().channels();
        float[] values = new float[IMAGES * height * width * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (((i * 1103515245L + 12345) % (1L << 31)) / (double) (1 << 30) - 1);
        }
        INDArray images = Nd4j.createFromArray(values).reshape('c', IMAGES, height, width, channels);
        INDArray probabilities = network.graph().output(images)[0];
        Npy.write(
                folder.resolve("expected.npy"),
                probabilities.dup('c').data().asFloat(),
                IMAGES,
                network.labels().size());
    }
}
