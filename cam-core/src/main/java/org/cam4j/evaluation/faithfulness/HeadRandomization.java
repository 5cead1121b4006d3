package org.cam4j.evaluation.faithfulness;

import java.awt.image.BufferedImage;
import java.util.Random;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.image.ImageInput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The model-randomisation sanity check: a map that stays the same when the head's weights are random shows the picture, not what
 * the network learned (Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018).
 *
 * <p>The class's weights are replaced by Gaussian ones of mean 0 and of the standard deviation of all weights of the head; the
 * activations stay. The answer is the rank correlation of the map with the one of random weights, in magnitude (as Adebayo et al.
 * also report it, a map turned upside down shows the same structure), averaged over several draws.
 */
final class HeadRandomization {

    private static final int DRAWS = 10;

    private HeadRandomization() {}

    static double correlation(ClassActivationMapper mapper, BufferedImage photo, ActivationMap map, long seed) {
        ImageInput input = mapper.preparation().orElseThrow().prepare(photo);
        INDArray image =
                Nd4j.createFromArray(input.values()).reshape(1, input.height(), input.width(), input.channels());
        INDArray activations = mapper.convActivations(image);
        int channels = (int) activations.size(3);
        float[] features =
                activations.reshape('c', -1, channels).dup('c').data().asFloat();
        Random random = new Random(seed);
        float[] original = map.toArray();
        double sum = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            sum += Math.abs(RankCorrelation.of(original, weighted(features, channels, random)));
        }
        return sum / DRAWS;
    }

    /** The scale of the weights does not matter to ranks. */
    private static float[] weighted(float[] features, int channels, Random random) {
        double[] weights = new double[channels];
        for (int k = 0; k < channels; k++) {
            weights[k] = random.nextGaussian();
        }
        float[] map = new float[features.length / channels];
        for (int cell = 0; cell < map.length; cell++) {
            double sum = 0;
            for (int k = 0; k < channels; k++) {
                sum += weights[k] * features[cell * channels + k];
            }
            map[cell] = (float) sum;
        }
        return map;
    }
}
