package org.cam4j.training;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The training examples of a graph: of one shape, each in one or more views, and the class of each. Held in memory.
 *
 * @param shape of one example, as the graph takes it, without the batch: [k], or [h, w, c] or [c, h, w]
 * @param classes how many there are
 * @param examples in any order
 */
public record Examples(List<Integer> shape, int classes, List<Example> examples) {

    /**
     * One example.
     *
     * @param classIndex in [0, classes)
     * @param views the first is the example as it is, the others changed; row-major, not copied, so leave them alone
     */
    public record Example(int classIndex, List<float[]> views) {

        public Example {
            views = List.copyOf(views);
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if an example has no view, or one of another shape
     */
    public Examples {
        shape = List.copyOf(shape);
        examples = List.copyOf(examples);
        int size = shape.stream().reduce(1, Math::multiplyExact);
        for (Example example : examples) {
            Objects.checkIndex(example.classIndex(), classes);
            if (example.views().isEmpty() || example.views().stream().anyMatch(view -> view.length != size)) {
                throw new IllegalArgumentException("an example needs one or more views of the shape " + shape);
            }
        }
    }

    /** The number of examples of each class. */
    int[] counts() {
        int[] counts = new int[classes];
        examples.forEach(example -> counts[example.classIndex()]++);
        return counts;
    }

    /** Some examples as a batch: features [n, shape] and one-hot labels [n, classes]. */
    DataSet batch(List<Integer> indices, List<Integer> views) {
        int size = shape.stream().reduce(1, Math::multiplyExact);
        float[] features = new float[Math.multiplyExact(indices.size(), size)];
        INDArray labels = Nd4j.zeros(DataType.FLOAT, indices.size(), classes);
        for (int i = 0; i < indices.size(); i++) {
            Example example = examples.get(indices.get(i));
            System.arraycopy(example.views().get(views.get(i)), 0, features, i * size, size);
            labels.putScalar(i, example.classIndex(), 1);
        }
        List<Integer> batch = new ArrayList<>(List.of(indices.size()));
        batch.addAll(shape);
        return new DataSet(
                Nd4j.createFromArray(features)
                        .reshape(
                                'c',
                                batch.stream().mapToLong(Integer::longValue).toArray()),
                labels);
    }

    /** A number that other examples are unlikely to have. */
    long fingerprint() {
        long hash = Arrays.hashCode(counts());
        for (Example example : examples) {
            hash = hash * 31 + example.classIndex();
            for (float[] view : example.views()) {
                hash = hash * 31 + Arrays.hashCode(view);
            }
        }
        return hash;
    }

    /** Floats as bytes, for files. */
    static byte[] bytes(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    /** The inverse of {@link #bytes}. */
    static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }
}
