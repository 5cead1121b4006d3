package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Window;

/** Makes convolutions, dense layers and matrix products tasks of one execution. */
final class ConvolutionCompiler {

    /** Cells up to which a warp for each output is faster than a matrix product. */
    private static final int FEW_CELLS = 16;

    /** Libraries write at multiples of so many bytes: a cache line; their kernels ask for 16. */
    private static final long LINE = 128;

    private final Device device;
    private final TaskList tasks;
    private final KernelCalls kernels;
    private final ImageCalls images;
    private final Weights weights;
    private final ConvolutionChoices choices;
    private final Layout preferred;
    private final Workspace workspace;
    private final CUstream_st stream;
    private final List<Owned> owned;
    private final Product products;
    /** Memory for libraries to write to, by the place of the result. */
    private final Map<Tensor, Tensor> apart = new HashMap<>();

    private final Set<Tensor> leftApart = new HashSet<>();

    /**
     * Starts with the parts of an execution.
     *
     * @param preferred layout of dense convolutions
     * @param owned takes what must be closed after the execution
     */
    ConvolutionCompiler(
            Device device,
            TaskList tasks,
            KernelCalls kernels,
            ImageCalls images,
            Weights weights,
            ConvolutionChoices choices,
            Layout preferred,
            Workspace workspace,
            CUstream_st stream,
            List<Owned> owned) {
        this.device = device;
        this.tasks = tasks;
        this.kernels = kernels;
        this.images = images;
        this.weights = weights;
        this.choices = choices;
        this.preferred = preferred;
        this.workspace = workspace;
        this.stream = stream;
        this.owned = owned;
        this.products = new Product(device);
    }

    /** The layout that a convolution reads and writes. */
    Layout layout(Convolution convolution) {
        return convolution.isDepthwise() ? Layout.ROWS : preferred;
    }

    /** Adds a convolution of tensors in its layout; the residual may be null. The result may be left {@link #apart} from y. */
    void compile(Convolution convolution, Tensor y, Tensor x, Tensor residual) {
        if (convolution.isDepthwise()) {
            add(() -> images.depthwise(convolution, y, x, address(residual)), y, x, residual);
            return;
        }
        Padding padding = convolution.window().padding();
        if (padding.top() == padding.bottom() && padding.left() == padding.right()) {
            addChosen(convolution, y, x, residual);
            return;
        }
        // cuDNN pads the same on opposite sides.
        Tensor padded = tasks.tensor(new Pad(padding).output(List.of(x.shape())), x.layout());
        add(() -> images.pad(padding, padded, x), padded, x);
        Convolution rest = convolution.withWindow(convolution.window().withPadding(Padding.NONE));
        addChosen(rest, y, padded, residual);
    }

    /** Adds a dense layer of tensors in rows. */
    void compile(Dense dense, Tensor y, Tensor x) {
        if (tasks.batch() * x.cells() <= FEW_CELLS) {
            add(() -> kernels.dense(dense, y, x), y, x);
            return;
        }
        // As many rows of cells as there are images.
        Convolution pointwise = new Convolution(
                Window.of(1, 1),
                dense.inputs(),
                dense.outputs(),
                1,
                dense.weights(),
                dense.bias(),
                false,
                dense.activation());
        addChosen(pointwise, y, x, null);
    }

    /** Adds a task; tensors may be null. */
    private void add(Supplier<Call> task, Tensor... used) {
        tasks.add(
                task,
                Stream.of(used).filter(Objects::nonNull).map(Tensor::block).toArray(Block[]::new));
    }

    private void addChosen(Convolution convolution, Tensor y, Tensor x, Tensor residual) {
        // Of the libraries only cuBLASLt takes a pitch, and none any address.
        Tensor written = y.isPacked() && y.block().isAligned(LINE) ? y : tasks.tensor(y.shape(), y.layout());
        if (!written.equals(y)) {
            apart.put(y, written);
        }
        add(() -> chosen(convolution, y, written, x, residual), y, written, x, residual);
    }

    /** Where the result of a convolution may be left instead of in y, by the way that is chosen. */
    Optional<Tensor> apart(Tensor y) {
        return Optional.ofNullable(apart.get(y));
    }

    /** Whether it is; known once the call is made. */
    boolean isLeftApart(Tensor y) {
        return leftApart.contains(y);
    }

    private static long address(Tensor tensor) {
        return tensor == null ? 0 : tensor.address();
    }

    Call matMul(MatMul operation, Tensor y, Tensor x, Tensor other) {
        return products.of(operation, tasks.batch(), y, x, other);
    }

    private Call chosen(Convolution convolution, Tensor y, Tensor written, Tensor x, Tensor residual) {
        Candidate candidate = new Candidate(convolution, y, written, x, residual);
        Call call = choices.choose(candidate, stream);
        if (candidate.isLeftApart) {
            leftApart.add(y);
        }
        return call;
    }

    /** A convolution whose memory has its place. */
    final class Candidate {

        private final Convolution convolution;
        private final Tensor y;
        /** What libraries write, which kernels of ours read again; often y itself. */
        private final Tensor written;

        private final Tensor x;
        private final Operands operands;
        private final CudnnConvolution cudnn;
        /** Of the call made last. */
        private boolean isLeftApart;

        private Candidate(Convolution convolution, Tensor y, Tensor written, Tensor x, Tensor residual) {
            this.convolution = convolution;
            this.y = y;
            this.written = written;
            this.x = x;
            this.operands = new Operands(
                    x.address(),
                    x.isPlanes() ? weights.stored(convolution.weights()) : weights.channelsLast(convolution),
                    weights.floats(convolution.bias()),
                    weights.stored(convolution.bias()),
                    address(residual),
                    written.address());
            boolean isImage = x.shape().isImage();
            this.cudnn = isImage
                    ? new CudnnConvolution(device, convolution, tasks.batch(), x.layout(), x.shape(), y.shape())
                    : null;
            if (isImage) {
                owned.add(cudnn);
            }
        }

        int batch() {
            return tasks.batch();
        }

        Convolution convolution() {
            return convolution;
        }

        Tensor source() {
            return x;
        }

        /** Null if the values are no images. */
        CudnnConvolution cudnn() {
            return cudnn;
        }

        boolean isProduct() {
            return convolution.window().isPointwise() && convolution.groups() == 1;
        }

        /** Whether the libraries' fused calls know the activation. */
        boolean fuses() {
            Activation activation = convolution.activation();
            return activation.isIdentity() || activation.equals(Activation.RELU);
        }

        /** A call that has the memory that it needs. */
        Call tried(Choice choice) {
            Call call = made(choice);
            workspace.allocate();
            return call;
        }

        Call made(Choice choice) {
            isLeftApart = !written.equals(y);
            return switch (choice.kind()) {
                case FUSED -> cudnn.fused(choice, workspace, operands);
                case PLAIN -> followed(cudnn.plain(choice, workspace, operands));
                case FUSED_PRODUCT -> fusedProduct();
                case PRODUCT -> followed(product());
                case DIRECT -> images.direct(convolution, written, x, operands.residual());
            };
        }

        private Call fusedProduct() {
            FusedProduct product = new FusedProduct(
                    device,
                    operands,
                    tasks.batch() * x.cells(),
                    convolution.inputs(),
                    convolution.outputs(),
                    !convolution.activation().isIdentity(),
                    workspace);
            owned.add(product);
            isLeftApart = isLeftApart && !product.writesTo(y.address(), y.pitch());
            return product;
        }

        private Call product() {
            return x.isPlanes()
                    ? products.ofPlanes(operands, tasks.batch(), x.cells(), convolution.inputs(), convolution.outputs())
                    : products.ofRows(operands, tasks.batch() * x.cells(), convolution.inputs(), convolution.outputs());
        }

        /** A call, and bias, residual sum and activation after it. */
        private Call followed(Call call) {
            isLeftApart = false;
            Call after = kernels.affine(y, written, 0, operands.bias(), operands.residual(), convolution.activation());
            return on -> {
                call.on(on);
                after.on(on);
            };
        }
    }
}
