package org.cam4j.testing.reference;

import java.util.List;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/** What it does to sums of products that their weights are stored more coarsely than in single precision. */
final class StoredWeights {

    private StoredWeights() {}

    /**
     * {@code stored · Σ |w|·(|x| + e)} of convolutions and dense layers, and 0 of all others.
     *
     * @param errors how far the inputs may be off
     * @param stored what storing a weight may change, in parts of it
     */
    static double[] errors(
            Operation operation, List<double[]> inputs, List<double[]> errors, List<Shape> shapes, double stored) {
        double[] read = Rounding.magnitudes(errors.get(0), inputs.get(0), 1);
        Operation magnitudes;
        if (operation instanceof Convolution convolution) {
            magnitudes = new Convolution(
                    convolution.window(),
                    convolution.inputs(),
                    convolution.outputs(),
                    convolution.groups(),
                    Rounding.scaled(convolution.weights().values(), stored),
                    new float[convolution.outputs()],
                    false,
                    Activation.IDENTITY);
        } else if (operation instanceof Dense dense) {
            magnitudes = Dense.of(
                    Rounding.scaled(dense.weights().values(), stored), new float[dense.outputs()], Activation.IDENTITY);
        } else {
            return new double[operation.output(shapes).size()];
        }
        return OperationDefinition.beforeActivation(magnitudes, List.of(read), List.of(shapes.get(0)));
    }
}
