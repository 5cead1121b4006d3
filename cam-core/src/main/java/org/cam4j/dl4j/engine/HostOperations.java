package org.cam4j.dl4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Computes the few operations for which ND4J has none on the host, one image after the other, by their definitions. */
final class HostOperations {

    private HostOperations() {}

    static INDArray run(Operation operation, INDArray... inputs) {
        List<Shape> shapes = Arrays.stream(inputs).map(HostOperations::shape).toList();
        List<float[]> numbers =
                Arrays.stream(inputs).map(input -> input.data().asFloat()).toList();
        Shape output = operation.output(shapes);
        int images = (int) inputs[0].size(0);
        float[] results = new float[Math.multiplyExact(images, output.size())];
        for (int image = 0; image < images; image++) {
            List<double[]> values = new ArrayList<>();
            for (int i = 0; i < inputs.length; i++) {
                values.add(part(numbers.get(i), image, shapes.get(i).size()));
            }
            double[] result = OperationDefinition.result(operation, values, shapes);
            for (int i = 0; i < result.length; i++) {
                results[image * result.length + i] = (float) result[i];
            }
        }
        return RearrangementOperations.shaped(Nd4j.createFromArray(results), images, output);
    }

    private static Shape shape(INDArray array) {
        int[] sizes = new int[array.rank() - 1];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = (int) array.size(axis + 1);
        }
        return new Shape(sizes);
    }

    private static double[] part(float[] numbers, int image, int size) {
        double[] part = new double[size];
        for (int i = 0; i < size; i++) {
            part[i] = numbers[image * size + i];
        }
        return part;
    }
}
