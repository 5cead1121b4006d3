package org.cam4j.engine.onednn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.engine.java.OperationDefinition;

/**
 * An operation that is computed by its definition in Java, bound to memory.
 *
 * @param kernel what to compute
 * @param read what is read, row-major, one image after the other
 * @param written the result, likewise
 */
record DefinedStep(Kernel.Definition kernel, List<FloatBuffer> read, FloatBuffer written) {

    void run() {
        int size = kernel.output().size();
        for (int image = 0; image < written.capacity() / size; image++) {
            List<double[]> values = new ArrayList<>();
            for (int i = 0; i < read.size(); i++) {
                values.add(numbers(read.get(i), image, kernel.shapes().get(i).size()));
            }
            double[] result = OperationDefinition.result(kernel.operation(), values, kernel.shapes());
            for (int i = 0; i < size; i++) {
                written.put(image * size + i, (float) result[i]);
            }
        }
    }

    private static double[] numbers(FloatBuffer buffer, int image, int size) {
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = buffer.get(image * size + i);
        }
        return numbers;
    }
}
