package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_concat_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.List;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;

/**
 * Compiles slices, concatenations, transpositions and reshapes: copies between layouts, or no kernel at all.
 *
 * <p>Channels of whole blocks are sliced and concatenated as blocks. Along every other axis oneDNN sees a row-major value of any rank as a
 * box [axes before, the axis, axes after].
 */
final class RearrangementCompiler {

    /** The axis of slices and concatenations, both of a box and of images with their channels. */
    private static final int AXIS = 1;

    private final KernelList kernels;
    private final Layouts layouts;

    RearrangementCompiler(KernelList kernels) {
        this.kernels = kernels;
        this.layouts = kernels.layouts();
    }

    /** Compiles a transposition: a copy that reads with the strides of the reordered axes. */
    Tensor transpose(String name, Transpose step, Tensor input, Shape shape, Shape output) {
        Tensor source = kernels.in(layouts.plain(shape), name, input);
        Tensor result = kernels.tensor(layouts.plain(output));
        int axes = shape.rank() + 1;
        long[] sizes = new long[axes];
        long[] read = new long[axes];
        long[] written = new long[axes];
        sizes[0] = layouts.images();
        read[0] = shape.size();
        written[0] = shape.size();
        for (int axis = 1; axis < axes; axis++) {
            sizes[axis] = output.size(axis - 1);
            read[axis] = after(shape, step.order().get(axis - 1));
            written[axis] = after(output, axis - 1);
        }
        memory.desc from = layouts.spread(sizes, read);
        memory.desc to = layouts.spread(sizes, written);
        kernels.copy(name, kernels.view(DNNL_ARG_FROM, source, from), from, kernels.view(DNNL_ARG_TO, result, to), to);
        return result;
    }

    /** Returns the stride of an axis in numbers: the product of the axes after it. */
    private static long after(Shape shape, int axis) {
        long numbers = 1;
        for (int other = axis + 1; other < shape.rank(); other++) {
            numbers *= shape.size(other);
        }
        return numbers;
    }

    /** Returns the same memory with another size. */
    Tensor reshape(String name, Reshape step, Tensor input, Shape shape) {
        Tensor source = kernels.in(layouts.plain(shape), name, input);
        return kernels.part(source, layouts.plain(step.shape()), 0);
    }

    Tensor slice(String name, Slice step, Tensor input, Shape shape, Shape output) {
        boolean blocks = isOfChannels(step.axis(), shape)
                && (step.first() | step.count() | shape.channels()) % Layouts.BLOCK == 0;
        memory.desc whole = seen(shape, step.axis(), blocks);
        memory.desc cut = seen(output, step.axis(), blocks);
        Tensor source = kernels.in(lying(shape, blocks), name, input);
        Tensor result = kernels.tensor(lying(output, blocks));
        long[] start = new long[whole.data().ndims()];
        start[AXIS] = step.first();
        memory.desc inside = whole.submemory_desc(sizes(output, step.axis(), blocks), start, false);
        kernels.copy(
                name, kernels.view(DNNL_ARG_FROM, source, inside), inside, kernels.view(DNNL_ARG_TO, result, cut), cut);
        return result;
    }

    /** Compiles a concatenation. oneDNN's code for it is named "reference", but is a plain copy and fast. */
    Tensor concatenate(String name, Concatenate step, List<Tensor> inputs, List<Shape> shapes, Shape output)
            throws EngineUnavailableException {
        boolean blocks = isOfChannels(step.axis(), output)
                && shapes.stream().allMatch(shape -> shape.channels() % Layouts.BLOCK == 0);
        dnnl_memory_desc_t sources = new dnnl_memory_desc_t(inputs.size());
        Argument[] arguments = new Argument[inputs.size() + 1];
        for (int i = 0; i < inputs.size(); i++) {
            Shape shape = shapes.get(i);
            memory.desc part = seen(shape, step.axis(), blocks);
            Tensor source = kernels.in(lying(shape, blocks), name, inputs.get(i));
            sources.position(i).put(part.data());
            arguments[i] = kernels.view(DNNL_ARG_MULTIPLE_SRC + i, source, part);
        }
        sources.position(0);
        memory.desc whole = seen(output, step.axis(), blocks);
        Tensor result = kernels.tensor(lying(output, blocks));
        arguments[inputs.size()] = kernels.view(DNNL_ARG_DST, result, whole);
        dnnl_primitive_desc made = new dnnl_primitive_desc();
        int status = dnnl_concat_primitive_desc_create(
                made,
                whole.data(),
                inputs.size(),
                AXIS,
                sources,
                PostOperations.attributes().get(),
                kernels.processor().get());
        if (status != dnnl_success) {
            throw new EngineUnavailableException(
                    "it cannot " + step.describe() + " values of " + shapes + " ('" + name + "')");
        }
        concat.primitive_desc described = new concat.primitive_desc(made);
        kernels.add(name, described, new concat(described), arguments);
        return result;
    }

    private static boolean isOfChannels(int axis, Shape shape) {
        return axis == shape.rank() - 1;
    }

    private memory.desc lying(Shape shape, boolean blocks) {
        return blocks ? layouts.preferred(shape) : layouts.plain(shape);
    }

    private memory.desc seen(Shape shape, int axis, boolean blocks) {
        return blocks ? layouts.preferred(shape) : layouts.numbers(format_tag.abc, sizes(shape, axis, false));
    }

    /** Of images with their channels, or of a box. */
    private long[] sizes(Shape shape, int axis, boolean blocks) {
        if (blocks) {
            return layouts.sizes(shape);
        }
        long after = after(shape, axis);
        long before = (long) layouts.images() * shape.size() / (shape.size(axis) * after);
        return new long[] {before, shape.size(axis), after};
    }
}
