package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_concat_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.resampling_forward;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/** Compiles what moves or joins cells: pooling, concatenation, padding, cropping, resizing. */
final class SpatialCompiler {

    private static final String NO_KERNEL = "it has no fast kernel for ";
    private static final int CHANNEL_AXIS = 1;

    private static final Transpose TRANSPOSE = Transpose.of(1, 0, 2);

    private final KernelList kernels;
    private final RearrangementCompiler rearrangements;
    private final Layouts layouts;

    SpatialCompiler(KernelList kernels, RearrangementCompiler rearrangements) {
        this.kernels = kernels;
        this.rearrangements = rearrangements;
        this.layouts = kernels.layouts();
    }

    /** Writes into the prepared place, if there is one and its layout fits. */
    Tensor pool(String name, Pooling wanted, Tensor input, Shape shape, Shape output, Tensor place)
            throws EngineUnavailableException {
        Pooling pooling = KernelLimits.trimmed(wanted, shape, output);
        return KernelLimits.sidesAreInReach(pooling, shape, output)
                ? poolAtOnce(name, pooling, input, shape, output, place)
                : poolByAxes(name, pooling, input, shape, output);
    }

    private Tensor poolAtOnce(String name, Pooling pooling, Tensor input, Shape shape, Shape output, Tensor place)
            throws EngineUnavailableException {
        for (Function<Shape, memory.desc> layout : layoutsToTry()) {
            Optional<pooling_forward.primitive_desc> found = Candidates.firstFast(
                    () -> described(pooling, layout.apply(shape), layout.apply(output), shape, output));
            if (found.isPresent()) {
                Tensor source = kernels.in(layout.apply(shape), name, input);
                Tensor result = kernels.placeFor(layout.apply(output), place);
                kernels.add(
                        name,
                        found.get(),
                        new pooling_forward(found.get()),
                        kernels.place(DNNL_ARG_SRC, source),
                        kernels.place(DNNL_ARG_DST, result));
                return result == place ? place : kernels.settled(name, result, output);
            }
        }
        throw new EngineUnavailableException(NO_KERNEL + pooling.describe() + " ('" + name + "')");
    }

    /**
     * Rows first, then columns, which lie as rows meanwhile: a border above or below may be as wide as it likes. A window sees as many cells
     * in each of its rows, so that an average of averages is the average.
     */
    private Tensor poolByAxes(String name, Pooling pooling, Tensor input, Shape shape, Shape output)
            throws EngineUnavailableException {
        Window window = pooling.window();
        Padding border = window.padding();
        Shape between = new Shape(output.height(), shape.width(), shape.channels());
        Pooling rows = downwards(pooling, window.height(), window.strideY(), border.top(), border.bottom());
        Tensor rowsPooled = poolAtOnce(name, rows, input, shape, between, null);
        Pooling columns = downwards(pooling, window.width(), window.strideX(), border.left(), border.right());
        Tensor turned = rearrangements.transpose(name, TRANSPOSE, rowsPooled, between, transposed(between));
        Tensor columnsPooled = poolAtOnce(name, columns, turned, transposed(between), transposed(output), null);
        return rearrangements.transpose(name, TRANSPOSE, columnsPooled, transposed(output), output);
    }

    private static Pooling downwards(Pooling pooling, int extent, int stride, int before, int after) {
        return new Pooling(pooling.kind(), new Window(extent, 1, stride, 1, 1, 1, new Padding(before, after, 0, 0)));
    }

    private static Shape transposed(Shape shape) {
        return new Shape(shape.width(), shape.height(), shape.channels());
    }

    private List<Function<Shape, memory.desc>> layoutsToTry() {
        return List.of(layouts::preferred, layouts::plain);
    }

    private pooling_forward.primitive_desc described(
            Pooling pooling, memory.desc source, memory.desc result, Shape input, Shape output) {
        Window window = pooling.window();
        Padding border = window.padding();
        algorithm taken =
                pooling.kind() == Pooling.Kind.MAXIMUM ? algorithm.pooling_max : algorithm.pooling_avg_exclude_padding;
        long below = (long) (output.height() - 1) * window.strideY() + window.height() - input.height() - border.top();
        long right = (long) (output.width() - 1) * window.strideX() + window.width() - input.width() - border.left();
        return new pooling_forward.primitive_desc(
                new pooling_forward.desc(
                        prop_kind.forward_inference,
                        taken,
                        source,
                        result,
                        new long[] {window.strideY(), window.strideX()},
                        new long[] {window.height(), window.width()},
                        new long[] {border.top(), border.left()},
                        new long[] {below, right}),
                PostOperations.attributes(),
                kernels.processor(),
                false);
    }

    /** oneDNN joins by copying, which is as fast as it gets, under the name of its reference code. */
    Tensor concatenate(String name, List<Tensor> inputs, List<Shape> shapes, Shape output)
            throws EngineUnavailableException {
        boolean blocks = shapes.stream().allMatch(shape -> shape.channels() % Layouts.BLOCK == 0);
        Function<Shape, memory.desc> layout = blocks ? layouts::preferred : layouts::plain;
        dnnl_memory_desc_t sources = new dnnl_memory_desc_t(inputs.size());
        Argument[] arguments = new Argument[inputs.size() + 1];
        for (int i = 0; i < inputs.size(); i++) {
            Tensor source = kernels.in(layout.apply(shapes.get(i)), name, inputs.get(i));
            sources.position(i).put(source.layout().data());
            arguments[i] = kernels.place(DNNL_ARG_MULTIPLE_SRC + i, source);
        }
        sources.position(0);
        Tensor result = kernels.tensor(layout.apply(output));
        arguments[inputs.size()] = kernels.place(DNNL_ARG_DST, result);
        dnnl_primitive_desc made = new dnnl_primitive_desc();
        int status = dnnl_concat_primitive_desc_create(
                made,
                result.layout().data(),
                inputs.size(),
                CHANNEL_AXIS,
                sources,
                PostOperations.attributes().get(),
                kernels.processor().get());
        if (status != dnnl_success) {
            throw new EngineUnavailableException(NO_KERNEL + "the concatenation of " + shapes + " ('" + name + "')");
        }
        concat.primitive_desc described = new concat.primitive_desc(made);
        kernels.add(name, described, new concat(described), arguments);
        return kernels.settled(name, result, output);
    }

    Tensor pad(String name, Padding border, Tensor input, Shape shape, Shape output) {
        Tensor result = kernels.tensor(cuttable(output));
        memory.desc inside = result.layout().submemory_desc(sizes(shape), offsets(border), false);
        kernels.clear(result);
        kernels.copy(
                name,
                kernels.place(DNNL_ARG_FROM, input),
                input.layout(),
                kernels.view(DNNL_ARG_TO, result, inside),
                inside);
        return kernels.settled(name, result, output);
    }

    Tensor crop(String name, Padding border, Tensor input, Shape shape, Shape output) {
        Tensor source = kernels.in(cuttable(shape), name, input);
        Tensor result = kernels.tensor(cuttable(output));
        memory.desc inside = source.layout().submemory_desc(sizes(output), offsets(border), false);
        kernels.copy(
                name,
                kernels.view(DNNL_ARG_FROM, source, inside),
                inside,
                kernels.place(DNNL_ARG_TO, result),
                result.layout());
        return kernels.settled(name, result, output);
    }

    /** oneDNN cuts pieces out of whole blocks only. */
    private memory.desc cuttable(Shape shape) {
        return shape.channels() % Layouts.BLOCK == 0 ? layouts.preferred(shape) : layouts.plain(shape);
    }

    private long[] sizes(Shape shape) {
        return new long[] {layouts.images(), shape.channels(), shape.height(), shape.width()};
    }

    private static long[] offsets(Padding border) {
        return new long[] {0, 0, border.top(), border.left()};
    }

    Tensor resize(String name, Resize step, Tensor input, Shape shape, Shape output) throws EngineUnavailableException {
        if (step.interpolation() == Resize.Interpolation.NEAREST && !KernelLimits.takesNearestCells(step, shape)) {
            return copyNearest(name, input, shape, output);
        }
        algorithm filled = step.interpolation() == Resize.Interpolation.NEAREST
                ? algorithm.resampling_nearest
                : algorithm.resampling_linear;
        for (Function<Shape, memory.desc> layout : layoutsToTry()) {
            Optional<resampling_forward.primitive_desc> found =
                    Candidates.firstFast(() -> new resampling_forward.primitive_desc(
                            new resampling_forward.desc(
                                    prop_kind.forward_inference, filled, layout.apply(shape), layout.apply(output)),
                            PostOperations.attributes(),
                            kernels.processor(),
                            false));
            if (found.isPresent()) {
                Tensor source = kernels.in(layout.apply(shape), name, input);
                Tensor result = kernels.tensor(layout.apply(output));
                kernels.add(
                        name,
                        found.get(),
                        new resampling_forward(found.get()),
                        kernels.place(DNNL_ARG_SRC, source),
                        kernels.place(DNNL_ARG_DST, result));
                return kernels.settled(name, result, output);
            }
        }
        throw new EngineUnavailableException(NO_KERNEL + step.describe() + " ('" + name + "')");
    }

    /** Row by row, then column by column. */
    private Tensor copyNearest(String name, Tensor input, Shape shape, Shape output) {
        Shape between = new Shape(output.height(), shape.width(), shape.channels());
        Tensor rows = kernels.tensor(cuttable(between));
        copyNearest(name, kernels.in(cuttable(shape), name, input), shape, rows, between, true);
        Tensor result = kernels.tensor(cuttable(output));
        copyNearest(name, rows, between, result, output, false);
        return kernels.settled(name, result, output);
    }

    private void copyNearest(String name, Tensor from, Shape source, Tensor to, Shape target, boolean byRow) {
        int count = byRow ? target.height() : target.width();
        int[] nearest = Resize.nearest(byRow ? source.height() : source.width(), count);
        long[] line = sizes(
                byRow
                        ? new Shape(1, target.width(), target.channels())
                        : new Shape(target.height(), 1, target.channels()));
        for (int i = 0; i < count; i++) {
            memory.desc read = from.layout().submemory_desc(line, lineAt(nearest[i], byRow), false);
            memory.desc written = to.layout().submemory_desc(line, lineAt(i, byRow), false);
            kernels.copy(
                    name,
                    kernels.view(DNNL_ARG_FROM, from, read),
                    read,
                    kernels.view(DNNL_ARG_TO, to, written),
                    written);
        }
    }

    private static long[] lineAt(int place, boolean isRow) {
        return isRow ? new long[] {0, 0, place, 0} : new long[] {0, 0, 0, place};
    }

    /**
     * A copy to every so many cells of a place of zeros.
     *
     * <p>oneDNN counts the cells up to the next column's as the last column's, and refuses rows that would overlap so, as those of 1x2
     * do: that column is then copied by itself.
     */
    Tensor spread(String name, InsertZeros step, Tensor input, Shape shape, Shape output) {
        Tensor result = kernels.tensor(layouts.plain(output));
        kernels.clear(result);
        if (shape.width() == 1 || step.stepY() * output.width() >= step.stepX() * shape.width()) {
            copyColumns(name, step, input, input.layout(), shape, 0, result, output);
        } else {
            Tensor source = kernels.in(cuttable(shape), name, input);
            int last = shape.width() - 1;
            for (int start : new int[] {0, last}) {
                Shape columns = new Shape(shape.height(), start == 0 ? last : 1, shape.channels());
                memory.desc from = source.layout().submemory_desc(sizes(columns), new long[] {0, 0, 0, start}, false);
                copyColumns(name, step, source, from, columns, start, result, output);
            }
        }
        return kernels.settled(name, result, output);
    }

    private void copyColumns(
            String name,
            InsertZeros step,
            Tensor input,
            memory.desc from,
            Shape columns,
            int start,
            Tensor result,
            Shape output) {
        long cell = output.channels();
        long row = cell * output.width();
        memory.desc to = new memory.desc(
                sizes(columns),
                data_type.f32,
                new long[] {
                    row * output.height(), 1, row * step.stepY(), columns.width() == 1 ? cell : cell * step.stepX()
                },
                false);
        to.data().offset0(cell * start * step.stepX());
        kernels.copy(name, kernels.view(DNNL_ARG_FROM, input, from), from, kernels.view(DNNL_ARG_TO, result, to), to);
    }
}
