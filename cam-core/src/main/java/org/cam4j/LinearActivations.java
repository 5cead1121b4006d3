package org.cam4j;

import java.util.Optional;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;

/**
 * Activations of a network whose head is linear: a map is the sum of the feature maps by the class's weights. Features that lie on a
 * device are added up there, to the same bits.
 */
final class LinearActivations extends HostActivations {

    private final LinearHead head;

    LinearActivations(Values values, LinearHead head) {
        super(values);
        if (channels() != head.channels() || classes() != head.classes()) {
            throw new IllegalArgumentException("features of " + channels() + " channels and " + classes()
                    + " logits for a head of " + head.channels() + " channels and " + head.classes() + " classes");
        }
        this.head = head;
    }

    /** Every logit reads all features, and a number that is not finite stays so: even infinity times 0 is NaN. So the logits tell. */
    @Override
    public boolean isFinite(int image) {
        return values().isFinite(InferencePlan.LOGITS, image);
    }

    @Override
    float map(int image, int classIndex, float[] maps, int offset) {
        Optional<float[]> found = onDevice(image, 1, classIndex);
        if (found.isPresent()) {
            System.arraycopy(found.get(), 0, maps, offset, cells());
            return head.bias()[classIndex];
        }
        float[] column = new float[channels()];
        for (int k = 0; k < column.length; k++) {
            column[k] = head.weights()[k * classes() + classIndex];
        }
        add(image, column, maps, offset);
        return head.bias()[classIndex];
    }

    @Override
    float[] numbersOfMaps(int... classIndices) {
        return onDevice(0, count(), classIndices).orElseGet(() -> super.numbersOfMaps(classIndices));
    }

    private Optional<float[]> onDevice(int image, int images, int... classIndices) {
        return values() instanceof DeviceValues device
                ? device.channelSums(InferencePlan.FEATURES, image, images, head.weights(), classIndices)
                : Optional.empty();
    }

    /** Adds four sums at a time, because additions to one sum wait for each other. */
    private void add(int image, float[] column, float[] map, int offset) {
        float[] features = featureNumbers();
        int channels = column.length;
        int start = image * cells() * channels;
        for (int cell = 0; cell < cells(); cell++, start += channels) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            int k = 0;
            for (; k + 3 < channels; k += 4) {
                a += features[start + k] * column[k];
                b += features[start + k + 1] * column[k + 1];
                c += features[start + k + 2] * column[k + 2];
                d += features[start + k + 3] * column[k + 3];
            }
            for (; k < channels; k++) {
                a += features[start + k] * column[k];
            }
            map[offset + cell] = (a + b) + (c + d);
        }
    }
}
