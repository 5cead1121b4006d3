package org.cam4j.evaluation.faithfulness;

import java.awt.image.BufferedImage;
import org.cam4j.ClassActivationMapper;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network whose probabilities are known in closed form: it sees the mean brightness {@code m} of the photo, in [0, 1], and gives
 * class {@code c} the probability {@code 1 / (1 + exp(-(w_c m + b_c)))}.
 */
final class LinearNetwork {

    static final int SIZE = 16;
    /** The weights {@code w} of the five classes. */
    static final double[] WEIGHTS = {6, -6, 2, 0, 1};

    static final double BIAS = -2;

    private LinearNetwork() {}

    static ClassActivationMapper mapper() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(SIZE, SIZE, 3, CNN2DFormat.NHWC))
                .addLayer("brightness", TestNetworks.convolution(1, 3, 1, CNN2DFormat.NHWC, Activation.RELU), "image")
                .addLayer("same", TestNetworks.convolution(1, 1, 1, CNN2DFormat.NHWC, Activation.RELU), "brightness")
                .addLayer("gap", TestNetworks.averagePooling(), "same")
                .addLayer("classes", TestNetworks.dense(1, Activation.SIGMOID), "gap")
                .setOutputs("classes")
                .build());
        graph.init();
        graph.getParam("brightness_W").assign(1 / 3.0);
        graph.getParam("same_W").assign(1);
        graph.getParam("classes_W")
                .assign(Nd4j.createFromArray(WEIGHTS).castTo(Nd4j.dataType()).reshape(1, 5));
        graph.getParam("classes_b").assign(BIAS);
        return ClassActivationMapper.of(graph)
                .inputSize(SIZE, SIZE)
                .preprocessing(Preprocessing.UNIT)
                .build();
    }

    /** What the network gives a class for a mean grey level in [0, 255]. */
    static double probability(int classIndex, double level) {
        return 1 / (1 + Math.exp(-(WEIGHTS[classIndex] * level / 255 + BIAS)));
    }

    /** White to the left of a column, black from there on. */
    static BufferedImage photo(int white) {
        int[] pixels = new int[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % SIZE < white ? 0xFFFFFF : 0;
        }
        return Pixels.picture(pixels, SIZE);
    }
}
