package org.cam4j.plan.operation;

/**
 * A visitor with one method for each operation. A new operation adds a method, so an engine, file format or pass that lacks it does not
 * compile.
 *
 * @param <R> the result
 */
public interface OperationVisitor<R> {

    R visit(Activate operation);

    R visit(ActivationGradient operation);

    R visit(Concatenate operation);

    R visit(Convolution operation);

    R visit(Crop operation);

    R visit(Dense operation);

    R visit(Elementwise operation);

    R visit(External operation);

    R visit(GlobalPooling operation);

    R visit(InsertZeros operation);

    R visit(LayerNormalize operation);

    R visit(MatMul operation);

    R visit(Pad operation);

    R visit(ParametricRelu operation);

    R visit(Pooling operation);

    R visit(PoolingGradient operation);

    R visit(Reshape operation);

    R visit(Resize operation);

    R visit(ScaleShift operation);

    R visit(Slice operation);

    R visit(Softmax operation);

    R visit(Transpose operation);
}
