package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.prelu_forward;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/**
 * Compiles what treats each number by itself.
 *
 * <p>Where all channels of a cell lie together, an image is a matrix [cells, channels] to these kernels: oneDNN has fast code to
 * combine a matrix with a row, but not an image with a vector.
 */
final class CellwiseCompiler {

    private static final String NO_KERNEL = "it has no fast kernel for ";

    private final KernelList kernels;
    private final Layouts layouts;
    private final Weights weights;

    CellwiseCompiler(KernelList kernels, Weights weights) {
        this.kernels = kernels;
        this.layouts = kernels.layouts();
        this.weights = weights;
    }

    /** A layout in which to try, and how its values and one number per channel, the same for all images, are seen in it. */
    private record Attempt(memory.desc layout, memory.desc values, memory.desc perChannel) {}

    private List<Attempt> attempts(Tensor input, Shape shape) {
        Attempt plain = new Attempt(
                layouts.plain(shape),
                Layouts.floats(format_tag.ab, cells(shape), shape.channels()),
                Layouts.floats(format_tag.ab, 1, shape.channels()));
        Attempt preferred = new Attempt(
                layouts.preferred(shape),
                layouts.preferred(shape),
                Layouts.ONE.preferred(new Shape(1, 1, shape.channels())));
        // In blocks that are not full, what a function makes of the filling has to be zero again: few kernels do that.
        boolean blocks = Layouts.areBlocked()
                && shape.channels() % Layouts.BLOCK == 0
                && !input.layout().equals(plain.layout);
        return blocks ? List.of(preferred, plain) : List.of(plain);
    }

    private long cells(Shape shape) {
        return (long) layouts.images() * shape.height() * shape.width();
    }

    /** A few channels, such as an image's, do not fill a processor's vector; the cells of each do. */
    private List<Attempt> scalingAttempts(Tensor input, Shape shape) {
        if (shape.channels() >= Layouts.BLOCK || shape.isVector()) {
            return attempts(input, shape);
        }
        List<Attempt> attempts = new ArrayList<>();
        attempts.add(new Attempt(
                layouts.planar(shape), layouts.planar(shape), Layouts.ONE.planar(new Shape(1, 1, shape.channels()))));
        attempts.addAll(attempts(input, shape));
        return attempts;
    }

    Tensor activate(String name, Activate activate, Tensor input, Shape shape) throws EngineUnavailableException {
        // As a scale of one: an activation by itself is rare, and this way there is one kind of kernel less.
        return scaleShift(
                name, ScaleShift.uniform(shape.channels(), 1, 0).withActivation(activate.activation()), input, shape);
    }

    Tensor scaleShift(String name, ScaleShift step, Tensor input, Shape shape) throws EngineUnavailableException {
        for (Attempt attempt : scalingAttempts(input, shape)) {
            post_ops operations = new post_ops();
            operations.append_binary(algorithm.binary_add, attempt.perChannel);
            PostOperations.append(operations, step.activation());
            Optional<Tensor> result = withConstants(
                    name,
                    algorithm.binary_mul,
                    input,
                    shape,
                    attempt,
                    step.scale(),
                    operations,
                    new Argument.Fixed(
                            DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1, perChannel(step.shift(), attempt)));
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new EngineUnavailableException(NO_KERNEL + step.describe() + " ('" + name + "')");
    }

    /** Something done to each number and its channel's constant; empty where there is no fast kernel for it. */
    private Optional<Tensor> withConstants(
            String name,
            algorithm done,
            Tensor input,
            Shape shape,
            Attempt attempt,
            float[] constants,
            post_ops operations,
            Argument... others) {
        Optional<binary.primitive_desc> found =
                Candidates.firstFast(() -> described(done, attempt.values, attempt.perChannel, operations));
        return found.map(described -> {
            Tensor source = kernels.in(attempt.layout, name, input);
            Tensor result = kernels.tensor(attempt.layout);
            List<Argument> arguments = new ArrayList<>(List.of(
                    kernels.view(DNNL_ARG_SRC_0, source, attempt.values),
                    new Argument.Fixed(DNNL_ARG_SRC_1, perChannel(constants, attempt)),
                    kernels.view(DNNL_ARG_DST, result, attempt.values)));
            arguments.addAll(List.of(others));
            kernels.add(name, described, new binary(described), arguments.toArray(Argument[]::new));
            return kernels.settled(name, result, shape);
        });
    }

    /** The activations that are no end of a kernel, as a product or quotient of what is read and a function of it. */
    Tensor activateApart(String name, Activation activation, Tensor input, Shape shape)
            throws EngineUnavailableException {
        return switch (activation.function()) {
            case THRESHOLD ->
                combine(name, algorithm.binary_mul, input, above(name, activation.alpha(), input, shape), shape);
            case SOFTSIGN -> combine(name, algorithm.binary_div, input, onePlusMagnitude(name, input, shape), shape);
            default -> throw new EngineUnavailableException("it has no activation " + activation + " ('" + name + "')");
        };
    }

    /** 1 where a number is above a threshold, 0 elsewhere. */
    private Tensor above(String name, float threshold, Tensor input, Shape shape) throws EngineUnavailableException {
        float[] thresholds = new float[shape.channels()];
        Arrays.fill(thresholds, threshold);
        for (Attempt attempt : scalingAttempts(input, shape)) {
            Optional<Tensor> result =
                    withConstants(name, algorithm.binary_gt, input, shape, attempt, thresholds, new post_ops());
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new EngineUnavailableException(NO_KERNEL + "a comparison ('" + name + "')");
    }

    /** {@code 1 + |x|}. */
    private Tensor onePlusMagnitude(String name, Tensor input, Shape shape) throws EngineUnavailableException {
        float[] ones = new float[shape.channels()];
        Arrays.fill(ones, 1);
        for (Attempt attempt : scalingAttempts(input, shape)) {
            post_ops operations = new post_ops();
            PostOperations.appendOnePlusMagnitude(operations);
            Optional<Tensor> result =
                    withConstants(name, algorithm.binary_mul, input, shape, attempt, ones, operations);
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new EngineUnavailableException(NO_KERNEL + "a magnitude ('" + name + "')");
    }

    private memory perChannel(float[] numbers, Attempt attempt) {
        return weights.packed(
                numbers,
                attempt.perChannel.data().ndims() == 2
                        ? attempt.perChannel
                        : Layouts.floats(format_tag.nchw, 1, numbers.length, 1, 1),
                attempt.perChannel);
    }

    private binary.primitive_desc described(
            algorithm done, memory.desc first, memory.desc second, post_ops operations) {
        return new binary.primitive_desc(
                new binary.desc(done, first, second, first),
                PostOperations.attributes(operations),
                kernels.processor(),
                false);
    }

    Tensor combine(String name, Elementwise step, Tensor first, Tensor second, Shape shape, Shape secondShape)
            throws EngineUnavailableException {
        algorithm done =
                switch (step.kind()) {
                    case ADD -> algorithm.binary_add;
                    case SUBTRACT -> algorithm.binary_sub;
                    case MULTIPLY -> algorithm.binary_mul;
                    case MAXIMUM -> algorithm.binary_max;
                    case MINIMUM -> algorithm.binary_min;
                };
        post_ops operations = new post_ops();
        PostOperations.append(operations, step.activation());
        return combine(name, done, first, second, shape, secondShape, operations)
                .orElseThrow(() -> new EngineUnavailableException(
                        NO_KERNEL + step.describe() + " of " + shape + " and " + secondShape + " ('" + name + "')"));
    }

    private Tensor combine(String name, algorithm done, Tensor first, Tensor second, Shape shape)
            throws EngineUnavailableException {
        return combine(name, done, first, second, shape, shape, new post_ops())
                .orElseThrow(() -> new EngineUnavailableException(NO_KERNEL + "two of " + shape + " ('" + name + "')"));
    }

    private Optional<Tensor> combine(
            String name,
            algorithm done,
            Tensor first,
            Tensor second,
            Shape shape,
            Shape secondShape,
            post_ops operations) {
        for (Attempt attempt : attempts(first, shape)) {
            memory.desc seen = seen(attempt, shape, secondShape);
            Optional<binary.primitive_desc> found =
                    Candidates.firstFast(() -> described(done, attempt.values, seen, new post_ops()));
            if (found.isPresent()) {
                binary.primitive_desc described = described(done, attempt.values, seen, operations);
                memory.desc secondLayout =
                        isMatrix(attempt) ? layouts.plain(secondShape) : layouts.preferred(secondShape);
                Tensor left = kernels.in(attempt.layout, name, first);
                Tensor right = kernels.in(secondLayout, name, second);
                Tensor result = kernels.tensor(attempt.layout);
                kernels.add(
                        name,
                        described,
                        new binary(described),
                        kernels.view(DNNL_ARG_SRC_0, left, attempt.values),
                        kernels.view(DNNL_ARG_SRC_1, right, seen),
                        kernels.view(DNNL_ARG_DST, result, attempt.values));
                return Optional.of(kernels.settled(name, result, shape));
            }
        }
        return Optional.empty();
    }

    private static boolean isMatrix(Attempt attempt) {
        return attempt.values.data().ndims() == 2;
    }

    private memory.desc seen(Attempt attempt, Shape shape, Shape second) {
        if (second.equals(shape)) {
            return attempt.values;
        }
        if (second.isVector() && second.channels() == shape.channels()) {
            return layouts.images() == 1 ? attempt.perChannel : layouts.preferred(second);
        }
        return isMatrix(attempt) ? Layouts.floats(format_tag.ab, cells(shape), 1) : layouts.preferred(second);
    }

    Tensor parametricRelu(String name, ParametricRelu step, Tensor input, Shape shape)
            throws EngineUnavailableException {
        boolean perChannel = step.slopes().length == shape.channels();
        Shape slopes = perChannel ? new Shape(1, 1, shape.channels()) : shape;
        for (memory.desc layout : List.of(layouts.preferred(shape), layouts.plain(shape))) {
            Optional<prelu_forward.primitive_desc> found = Candidates.firstFast(() -> new prelu_forward.primitive_desc(
                    new prelu_forward.desc(prop_kind.forward_inference, layout, Layouts.ONE.any(slopes)),
                    PostOperations.attributes(),
                    kernels.processor(),
                    false));
            if (found.isPresent()) {
                Tensor source = kernels.in(layout, name, input);
                Tensor result = kernels.tensor(layout);
                kernels.add(
                        name,
                        found.get(),
                        new prelu_forward(found.get()),
                        kernels.place(DNNL_ARG_SRC, source),
                        new Argument.Fixed(
                                DNNL_ARG_WEIGHTS,
                                weights.packed(
                                        step.slopes(),
                                        Layouts.ONE.plain(slopes),
                                        found.get().weights_desc())),
                        kernels.place(DNNL_ARG_DST, result));
                return kernels.settled(name, result, shape);
            }
        }
        throw new EngineUnavailableException(NO_KERNEL + step.describe() + " ('" + name + "')");
    }
}
