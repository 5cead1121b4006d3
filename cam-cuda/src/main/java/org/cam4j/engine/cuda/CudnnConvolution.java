package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudnn.CUDNN_ACTIVATION_IDENTITY;
import static org.bytedeco.cuda.global.cudnn.CUDNN_ACTIVATION_RELU;
import static org.bytedeco.cuda.global.cudnn.CUDNN_CROSS_CORRELATION;
import static org.bytedeco.cuda.global.cudnn.CUDNN_DATA_BFLOAT16;
import static org.bytedeco.cuda.global.cudnn.CUDNN_DATA_FLOAT;
import static org.bytedeco.cuda.global.cudnn.CUDNN_DATA_HALF;
import static org.bytedeco.cuda.global.cudnn.CUDNN_NOT_PROPAGATE_NAN;
import static org.bytedeco.cuda.global.cudnn.CUDNN_TENSOR_NCHW;
import static org.bytedeco.cuda.global.cudnn.CUDNN_TENSOR_NHWC;
import static org.bytedeco.cuda.global.cudnn.cudnnConvolutionBiasActivationForward;
import static org.bytedeco.cuda.global.cudnn.cudnnConvolutionForward;
import static org.bytedeco.cuda.global.cudnn.cudnnCreateActivationDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnCreateConvolutionDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnCreateFilterDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnCreateTensorDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnDestroyActivationDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnDestroyConvolutionDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnDestroyFilterDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnDestroyTensorDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnGetConvolutionForwardAlgorithm_v7;
import static org.bytedeco.cuda.global.cudnn.cudnnSetActivationDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnSetConvolution2dDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnSetConvolutionGroupCount;
import static org.bytedeco.cuda.global.cudnn.cudnnSetConvolutionMathType;
import static org.bytedeco.cuda.global.cudnn.cudnnSetFilter4dDescriptor;
import static org.bytedeco.cuda.global.cudnn.cudnnSetTensor4dDescriptor;

import org.bytedeco.cuda.cudnn.cudnnActivationStruct;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * A convolution in cuDNN's terms: descriptors, and the calls that run it by an algorithm.
 *
 * <p>cuDNN marks these calls as deprecated in favour of its graphs, which compile for seconds and which its version 9 alone has.
 */
@SuppressWarnings("deprecation")
final class CudnnConvolution implements Owned {

    private static final FloatPointer ONE = new FloatPointer(1f);
    private static final FloatPointer ZERO = new FloatPointer(0f);
    private static final int MOST_ALGORITHMS = 10;

    private final cudnnContext dnn;
    private final Convolution convolution;
    private final int type;
    private final int format;
    private final cudnnTensorStruct source = new cudnnTensorStruct();
    private final cudnnTensorStruct target = new cudnnTensorStruct();
    private final cudnnTensorStruct biasRow = new cudnnTensorStruct();
    private final cudnnFilterStruct filter = new cudnnFilterStruct();
    private final cudnnConvolutionStruct operation = new cudnnConvolutionStruct();
    private final cudnnActivationStruct activation = new cudnnActivationStruct();

    /**
     * Describes a convolution; its padding must be the same on opposite sides.
     *
     * @param layout of both images
     */
    CudnnConvolution(Device device, Convolution convolution, int batch, Layout layout, Shape input, Shape output) {
        this.dnn = device.dnn();
        this.convolution = convolution;
        this.type = type(device.precision());
        this.format = layout == Layout.ROWS ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW;
        Window window = convolution.window();
        Status.cudnn(cudnnCreateTensorDescriptor(source), "describing an input");
        Status.cudnn(cudnnCreateTensorDescriptor(target), "describing an output");
        Status.cudnn(cudnnCreateTensorDescriptor(biasRow), "describing a bias");
        Status.cudnn(cudnnCreateFilterDescriptor(filter), "describing a filter");
        Status.cudnn(cudnnCreateConvolutionDescriptor(operation), "describing a convolution");
        Status.cudnn(cudnnCreateActivationDescriptor(activation), "describing an activation");
        describe(source, batch, input);
        describe(target, batch, output);
        describe(biasRow, 1, new Shape(1, 1, convolution.outputs()));
        Status.cudnn(
                cudnnSetFilter4dDescriptor(
                        filter,
                        type,
                        format,
                        convolution.outputs(),
                        convolution.inputs() / convolution.groups(),
                        window.height(),
                        window.width()),
                "describing a filter");
        Status.cudnn(
                cudnnSetConvolution2dDescriptor(
                        operation,
                        window.padding().top(),
                        window.padding().left(),
                        window.strideY(),
                        window.strideX(),
                        window.dilationY(),
                        window.dilationX(),
                        CUDNN_CROSS_CORRELATION,
                        CUDNN_DATA_FLOAT),
                "describing a convolution");
        Status.cudnn(cudnnSetConvolutionGroupCount(operation, convolution.groups()), "describing groups");
        boolean rectified = !convolution.activation().isIdentity();
        Status.cudnn(
                cudnnSetActivationDescriptor(
                        activation,
                        rectified ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_IDENTITY,
                        // The fused call supports no other, nor a bound for RELU.
                        CUDNN_NOT_PROPAGATE_NAN,
                        Double.MAX_VALUE),
                "describing an activation");
    }

    private static int type(Precision precision) {
        return switch (precision) {
            case EXACT, TF32 -> CUDNN_DATA_FLOAT;
            case FP16 -> CUDNN_DATA_HALF;
            case BF16 -> CUDNN_DATA_BFLOAT16;
        };
    }

    private void describe(cudnnTensorStruct tensor, int batch, Shape shape) {
        Status.cudnn(
                cudnnSetTensor4dDescriptor(
                        tensor, format, type, batch, shape.channels(), shape.height(), shape.width()),
                "describing " + shape);
    }

    /** cuDNN's guess about its algorithms, the fastest first; up to the limit. */
    cudnnConvolutionFwdAlgoPerf_t algorithms(int mathType) {
        math(mathType);
        int[] count = new int[1];
        cudnnConvolutionFwdAlgoPerf_t found = new cudnnConvolutionFwdAlgoPerf_t(MOST_ALGORITHMS);
        int status = cudnnGetConvolutionForwardAlgorithm_v7(
                dnn, source, filter, operation, target, MOST_ALGORITHMS, count, found);
        // If it knows no algorithm at all, it returns a status.
        found.limit(status == 0 ? count[0] : 0);
        return found;
    }

    private void math(int mathType) {
        Status.cudnn(cudnnSetConvolutionMathType(operation, mathType), "choosing an arithmetic");
    }

    /** Convolution, bias, residual sum and activation at once. */
    Call fused(Choice choice, Workspace workspace, Operands at) {
        workspace.require(choice.memory());
        boolean adds = at.residual() != 0;
        Pointer from = DeviceMemory.at(at.x());
        Pointer kernel = DeviceMemory.at(at.weights());
        Pointer row = DeviceMemory.at(at.storedBias());
        Pointer added = DeviceMemory.at(adds ? at.residual() : at.y());
        Pointer to = DeviceMemory.at(at.y());
        return stream -> {
            math(choice.mathType());
            Status.cudnn(
                    cudnnConvolutionBiasActivationForward(
                            dnn,
                            ONE,
                            source,
                            from,
                            filter,
                            kernel,
                            operation,
                            choice.algorithm(),
                            DeviceMemory.at(workspace.address()),
                            choice.memory(),
                            adds ? ONE : ZERO,
                            target,
                            added,
                            biasRow,
                            row,
                            activation,
                            target,
                            to),
                    convolution.describe());
        };
    }

    /** The convolution alone. */
    Call plain(Choice choice, Workspace workspace, Operands at) {
        workspace.require(choice.memory());
        Pointer from = DeviceMemory.at(at.x());
        Pointer kernel = DeviceMemory.at(at.weights());
        Pointer to = DeviceMemory.at(at.y());
        return stream -> {
            math(choice.mathType());
            Status.cudnn(
                    cudnnConvolutionForward(
                            dnn,
                            ONE,
                            source,
                            from,
                            filter,
                            kernel,
                            operation,
                            choice.algorithm(),
                            DeviceMemory.at(workspace.address()),
                            choice.memory(),
                            ZERO,
                            target,
                            to),
                    convolution.describe());
        };
    }

    @Override
    public void close() {
        cudnnDestroyTensorDescriptor(source);
        cudnnDestroyTensorDescriptor(target);
        cudnnDestroyTensorDescriptor(biasRow);
        cudnnDestroyFilterDescriptor(filter);
        cudnnDestroyConvolutionDescriptor(operation);
        cudnnDestroyActivationDescriptor(activation);
    }
}
