package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;

/** Compiles convolutions: by Winograd's algorithm where it is faster, otherwise directly. */
final class ConvolutionCompiler {

    private final KernelList kernels;
    private final KernelList made;
    private final Layouts layouts;
    private final Weights weights;
    private final Set<Integer> winograd = new HashSet<>();

    /**
     * Creates a compiler.
     *
     * @param kernels with the layouts of inputs and weights
     * @param made the same list with the layouts of results
     */
    ConvolutionCompiler(KernelList kernels, KernelList made, Weights weights) {
        this.kernels = kernels;
        this.made = made;
        this.layouts = kernels.layouts();
        this.weights = weights;
    }

    /** Returns the convolutions compiled so far that use Winograd's algorithm, by value number. */
    Set<Integer> winograd() {
        return Set.copyOf(winograd);
    }

    /** One convolution's parameters as oneDNN takes them. */
    private record Description(
            Convolution convolution, Shape input, Shape output, memory.desc packed, primitive_attr attributes) {

        /** Returns the first kernel that computes rightly; null if oneDNN has none. */
        convolution_forward.primitive_desc of(
                algorithm way, memory.desc source, memory.desc result, KernelList kernels) {
            convolution_forward.primitive_desc described = described(way, source, result, kernels);
            while (KernelLimits.isBroken(Candidates.implementation(described), convolution, input, output)) {
                if (!described.next_impl()) {
                    return null;
                }
            }
            return described;
        }

        private convolution_forward.primitive_desc described(
                algorithm way, memory.desc source, memory.desc result, KernelList kernels) {
            Window window = convolution.window();
            Padding border = window.padding();
            return new convolution_forward.primitive_desc(
                    new convolution_forward.desc(
                            prop_kind.forward_inference,
                            way,
                            source,
                            packed,
                            Layouts.vector(convolution.outputs()),
                            result,
                            new long[] {window.strideY(), window.strideX()},
                            // oneDNN counts the cells between kernel entries: dilation - 1.
                            new long[] {window.dilationY() - 1, window.dilationX() - 1},
                            new long[] {border.top(), border.left()},
                            new long[] {
                                seen(input.height(), border.top(), window.spanY(), window.strideY(), output.height()),
                                seen(input.width(), border.left(), window.spanX(), window.strideX(), output.width())
                            }),
                    attributes,
                    kernels.processor(),
                    false);
        }

        /** Returns the padding below or on the right that windows reach; oneDNN must not be given more. */
        private static long seen(int size, int before, int span, int stride, int positions) {
            return (long) (positions - 1) * stride + span - size - before;
        }
    }

    /** A convolution without a second input. */
    Tensor compile(
            int value, String name, Convolution convolution, Tensor input, Shape shape, Shape output, Tensor place)
            throws EngineUnavailableException {
        convolution_forward.primitive_desc chosen =
                chosen(value, name, convolution, input, shape, output, new post_ops());
        Tensor result = made.placeFor(chosen.dst_desc(), place);
        add(value, name, convolution, chosen, input, result);
        return finished(name, result, output, place);
    }

    /**
     * A convolution that adds its second input.
     *
     * @param free the added value's own place, in which the sum may be computed without a copy; null if the added value is still read
     *     later
     */
    Tensor compileSum(
            int value,
            String name,
            Convolution convolution,
            Tensor input,
            Tensor added,
            Tensor free,
            Shape shape,
            Shape output)
            throws EngineUnavailableException {
        post_ops operations = new post_ops();
        operations.append_sum();
        convolution_forward.primitive_desc chosen = chosen(value, name, convolution, input, shape, output, operations);
        Tensor result = sumPlace(name, chosen.dst_desc(), added, free);
        add(value, name, convolution, chosen, input, result);
        return made.inPreferredLayout(name, result, output);
    }

    private convolution_forward.primitive_desc chosen(
            int value,
            String name,
            Convolution convolution,
            Tensor input,
            Shape shape,
            Shape output,
            post_ops operations)
            throws EngineUnavailableException {
        PostOperations.append(operations, convolution.activation());
        Description description = new Description(
                convolution,
                shape,
                output,
                weightLayout(layouts, convolution, format_tag.any, format_tag.any),
                PostOperations.attributes(operations));
        return choose(value, description, input.layout())
                .orElseThrow(() -> Candidates.none(convolution.describe(), name));
    }

    private void add(
            int value,
            String name,
            Convolution convolution,
            convolution_forward.primitive_desc chosen,
            Tensor input,
            Tensor result) {
        Tensor source = kernels.in(chosen.src_desc(), name, input);
        WeightArray plain = convolution.weights();
        boolean isTransposed = plain.original().isPresent();
        memory packed = weights.packed(
                value,
                plain,
                plain.original().orElse(plain),
                isTransposed
                        ? weightLayout(Layouts.FLOATS, convolution, format_tag.iohw, format_tag.giohw)
                        : weightLayout(Layouts.FLOATS, convolution, format_tag.oihw, format_tag.goihw),
                chosen.weights_desc());
        kernels.add(
                name,
                chosen,
                new convolution_forward(chosen),
                kernels.place(DNNL_ARG_SRC, source),
                new Argument.Fixed(DNNL_ARG_WEIGHTS, packed),
                new Argument.Fixed(DNNL_ARG_BIAS, weights.vector(convolution.bias())),
                kernels.place(DNNL_ARG_DST, result));
    }

    private Optional<convolution_forward.primitive_desc> choose(
            int value, Description description, memory.desc present) {
        Shape input = description.input;
        memory.desc result = made.layouts().preferred(description.output);
        memory.desc anyResult = made.layouts().any(description.output);
        memory.desc preferred = layouts.preferred(input);
        if (layouts.areBlocked()
                && Winograd.isPossible(description.convolution)
                && weights.winograd(value)
                        .orElseGet(() -> Winograd.isFaster(description.convolution, description.output))) {
            // For several images oneDNN has only large tiles.
            Candidates.Candidate<convolution_forward.primitive_desc> first =
                    () -> description.of(algorithm.convolution_winograd, preferred, result, kernels);
            Optional<convolution_forward.primitive_desc> found = Winograd.needsLargeTiles(description.output)
                    ? Candidates.firstFast(() -> withLargeTiles(first.describe()), first)
                    : Candidates.firstFast(first);
            if (found.isPresent()) {
                winograd.add(value);
                return found;
            }
        }
        algorithm direct = algorithm.convolution_direct;
        return Candidates.firstFast(
                () -> description.of(direct, present, result, kernels),
                () -> description.of(direct, preferred, result, kernels),
                () -> description.of(direct, layouts.planar(input), result, kernels),
                () -> description.of(direct, layouts.any(input), result, kernels),
                () -> description.of(direct, present, anyResult, kernels),
                () -> description.of(direct, layouts.any(input), anyResult, kernels),
                () -> description.of(
                        direct, layouts.plain(input), made.layouts().plain(description.output), kernels),
                () -> description.of(
                        direct, layouts.planar(input), made.layouts().planar(description.output), kernels));
    }

    /** Returns oneDNN's large-tile code for the same convolution; null if oneDNN has none. */
    private static convolution_forward.primitive_desc withLargeTiles(convolution_forward.primitive_desc described) {
        while (!Candidates.implementation(described).startsWith(Winograd.LARGE_TILES)) {
            if (!described.next_impl()) {
                return null;
            }
        }
        return described;
    }

    private static memory.desc weightLayout(
            Layouts layouts, Convolution convolution, format_tag ungrouped, format_tag grouped) {
        Window window = convolution.window();
        int groups = convolution.groups();
        return groups == 1
                ? layouts.numbers(
                        ungrouped, convolution.outputs(), convolution.inputs(), window.height(), window.width())
                : layouts.numbers(
                        grouped,
                        groups,
                        convolution.outputs() / groups,
                        convolution.inputs() / groups,
                        window.height(),
                        window.width());
    }

    /** Returns the place of the sum: the added value's own, or a copy if that value is read later or shares its memory. */
    private Tensor sumPlace(String name, memory.desc layout, Tensor added, Tensor free) {
        if (free != null && !free.isShared() && free.layout().equals(layout)) {
            kernels.overwrite(free);
            return free;
        }
        Tensor sum = kernels.tensor(layout);
        kernels.copy(name, added, sum);
        return sum;
    }

    /** Puts a result into its prepared place if there is one, otherwise into the layout that the next kernels prefer. */
    private Tensor finished(String name, Tensor result, Shape output, Tensor place) {
        if (place == null) {
            return made.inPreferredLayout(name, result, output);
        }
        if (place != result) {
            kernels.copy(name, result, place);
        }
        return place;
    }
}
