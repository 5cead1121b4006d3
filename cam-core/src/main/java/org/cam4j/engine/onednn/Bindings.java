package org.cam4j.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/** The classes through which most networks call oneDNN. */
final class Bindings {

    /** With their superclasses; any other class is initialised when it is used. */
    static final List<Class<?>> CLASSES = List.of(
            BytePointer.class,
            FloatPointer.class,
            LongPointer.class,
            dnnl_version_t.class,
            engine.class,
            stream.class,
            memory.class,
            memory.desc.class,
            post_ops.class,
            primitive_attr.class,
            convolution_forward.class,
            convolution_forward.desc.class,
            convolution_forward.primitive_desc.class,
            pooling_forward.class,
            pooling_forward.desc.class,
            pooling_forward.primitive_desc.class,
            inner_product_forward.class,
            inner_product_forward.desc.class,
            inner_product_forward.primitive_desc.class,
            binary.class,
            binary.desc.class,
            binary.primitive_desc.class,
            reorder.class,
            reorder.primitive_desc.class,
            dnnl_memory.class,
            dnnl_memory_desc_t.class,
            dnnl_primitive.class,
            dnnl_stream.class,
            dnnl_exec_arg_t.class);

    private Bindings() {}
}
