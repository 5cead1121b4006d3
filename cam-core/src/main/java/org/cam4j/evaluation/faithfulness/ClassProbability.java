package org.cam4j.evaluation.faithfulness;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;

/** The probability of one class for many changed images, computed a few at a time. */
final class ClassProbability {

    private static final int BATCH = 8;

    private final ClassActivationMapper mapper;
    private final int classIndex;

    ClassProbability(ClassActivationMapper mapper, int classIndex) {
        this.mapper = mapper;
        this.classIndex = classIndex;
    }

    /**
     * Runs pictures in batches; each is made when its batch runs.
     *
     * @param count how many
     * @param picture makes the picture of a number in [0, count)
     * @return one probability a picture
     */
    double[] of(int count, IntFunction<BufferedImage> picture) {
        double[] probabilities = new double[count];
        for (int first = 0; first < count; first += BATCH) {
            List<BufferedImage> batch = new ArrayList<>();
            for (int i = first; i < Math.min(first + BATCH, count); i++) {
                batch.add(picture.apply(i));
            }
            List<Explanation> seen = mapper.explain(batch);
            for (int i = 0; i < seen.size(); i++) {
                probabilities[first + i] = seen.get(i).prediction(classIndex).probability();
            }
        }
        return probabilities;
    }
}
