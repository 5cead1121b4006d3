package org.cam4j.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/** The kernels and places of a network during compilation. */
final class KernelList {

    private final engine processor;
    private final Layouts layouts;
    private final NativeObjects natives;
    private final List<Kernel> kernels;
    private final List<Tensor> tensors;

    /** Copies of places in other layouts. */
    private final Map<Tensor, List<Tensor>> copies;

    KernelList(engine processor, Layouts layouts, NativeObjects natives) {
        this(processor, layouts, natives, new ArrayList<>(), new ArrayList<>(), new HashMap<>());
    }

    private KernelList(
            engine processor,
            Layouts layouts,
            NativeObjects natives,
            List<Kernel> kernels,
            List<Tensor> tensors,
            Map<Tensor, List<Tensor>> copies) {
        this.processor = processor;
        this.layouts = layouts;
        this.natives = natives;
        this.kernels = kernels;
        this.tensors = tensors;
        this.copies = copies;
    }

    /** Returns the same list with other layouts for what is added through it. */
    KernelList with(Layouts others) {
        return new KernelList(processor, others, natives, kernels, tensors, copies);
    }

    engine processor() {
        return processor;
    }

    Layouts layouts() {
        return layouts;
    }

    List<Kernel> kernels() {
        return kernels;
    }

    List<Tensor> tensors() {
        return tensors;
    }

    /** Returns the memory that the most demanding kernel uses while it runs. */
    long scratchBytes() {
        return kernels.stream()
                .filter(Kernel.Primitive.class::isInstance)
                .flatMap(kernel -> ((Kernel.Primitive) kernel).arguments().stream())
                .filter(Argument.Scratch.class::isInstance)
                .mapToLong(argument -> ((Argument.Scratch) argument).layout().get_size())
                .max()
                .orElse(0);
    }

    /** Creates a place. */
    Tensor tensor(memory.desc layout) {
        Tensor tensor = new Tensor(natives.own(layout));
        tensors.add(tensor);
        return tensor;
    }

    /** Creates a place inside another. */
    Tensor part(Tensor whole, memory.desc layout, long offset) {
        Tensor part = whole.part(natives.own(layout), offset);
        tensors.add(part);
        return part;
    }

    /** Returns the prepared place if it has the layout, otherwise a new one. */
    Tensor placeFor(memory.desc layout, Tensor prepared) {
        return prepared != null && prepared.layout().equals(layout) ? prepared : tensor(layout);
    }

    Argument place(int index, Tensor tensor) {
        return new Argument.Place(index, tensor, tensor.layout());
    }

    Argument view(int index, Tensor tensor, memory.desc layout) {
        return new Argument.Place(index, tensor, natives.own(layout));
    }

    /** Appends a primitive, with scratch memory if it needs some. */
    void add(String name, primitive_desc_base described, primitive made, Argument... arguments) {
        List<Argument> all = new ArrayList<>(List.of(arguments));
        memory.desc scratch = natives.own(described.scratchpad_desc());
        if (scratch.get_size() > 0) {
            all.add(new Argument.Scratch(DNNL_ARG_SCRATCHPAD, scratch));
        }
        append(
                new Kernel.Primitive(name, Candidates.implementation(described), natives.own(made), List.copyOf(all)),
                all);
    }

    /** Describes a kernel that combines two values, or a value and constants, into one with the layout of the first. */
    binary.primitive_desc binary(algorithm done, memory.desc first, memory.desc second, post_ops operations) {
        return new binary.primitive_desc(
                new binary.desc(done, first, second, first), PostOperations.attributes(operations), processor, false);
    }

    void clear(Tensor tensor) {
        append(new Kernel.Clear(tensor), List.of(place(0, tensor)));
    }

    /** Appends an operation that is computed in Java; the places are row-major. */
    void define(Operation operation, List<Shape> shapes, List<Tensor> read, Shape output, Tensor written) {
        List<Argument> places = new ArrayList<>();
        read.forEach(tensor -> places.add(place(0, tensor)));
        places.add(place(0, written));
        append(new Kernel.Definition(operation, List.copyOf(shapes), List.copyOf(read), output, written), places);
    }

    private void append(Kernel kernel, List<Argument> arguments) {
        for (Argument argument : arguments) {
            if (argument instanceof Argument.Place place) {
                place.tensor().usedBy(kernels.size());
            }
        }
        kernels.add(kernel);
    }

    /**
     * Returns a copy in the layout that a kernel needs, the same one for all kernels; the place itself if it has that layout. Only to be
     * read.
     */
    Tensor in(memory.desc layout, String name, Tensor tensor) {
        if (tensor.layout().equals(layout)) {
            return tensor;
        }
        List<Tensor> made = copies.computeIfAbsent(tensor, place -> new ArrayList<>());
        return made.stream()
                .filter(copy -> copy.layout().equals(layout))
                .findFirst()
                .orElseGet(() -> {
                    Tensor copy = copied(layout, name, tensor);
                    made.add(copy);
                    return copy;
                });
    }

    private Tensor copied(memory.desc layout, String name, Tensor tensor) {
        Tensor copy = tensor(layout);
        copy(name, tensor, copy);
        return copy;
    }

    /** Says that a place gets other numbers: copies of the former ones are not read any more. */
    void overwrite(Tensor tensor) {
        copies.remove(tensor);
    }

    /** Returns a result in the layout that the next kernels prefer; few channels stay as they are: blocks would be mostly padding. */
    Tensor inPreferredLayout(String name, Tensor result, Shape shape) {
        memory.desc layout = layouts.preferred(shape);
        return shape.channels() < Layouts.BLOCK || result.layout().equals(layout)
                ? result
                : copied(layout, name, result);
    }

    /** Copies numbers from one place to another of any layout. */
    void copy(String name, Tensor from, Tensor to) {
        copy(name, place(DNNL_ARG_FROM, from), from.layout(), place(DNNL_ARG_TO, to), to.layout());
    }

    void copy(String name, Argument from, memory.desc fromLayout, Argument to, memory.desc toLayout) {
        reorder.primitive_desc described = new reorder.primitive_desc(
                processor, fromLayout, processor, toLayout, PostOperations.attributes(), false);
        add("copy for " + name, described, new reorder(described), from, to);
    }
}
