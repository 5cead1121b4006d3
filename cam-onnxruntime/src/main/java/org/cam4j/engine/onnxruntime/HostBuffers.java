package org.cam4j.engine.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.cam4j.plan.operation.Shape;

/** Native memory for inputs and outputs, used again by each run. Not thread-safe. */
final class HostBuffers {

    private final Map<String, FloatBuffer> buffers = new HashMap<>();

    /**
     * Returns memory for some numbers.
     *
     * @param tensor whose memory
     * @param numbers how many
     * @return from position 0 to that limit; the content is whatever it was
     */
    FloatBuffer of(String tensor, int numbers) {
        FloatBuffer known = buffers.get(tensor);
        if (known == null || known.capacity() < numbers) {
            known = direct(numbers);
            buffers.put(tensor, known);
        }
        return known.slice(0, numbers);
    }

    private static FloatBuffer direct(int numbers) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(numbers, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Returns a tensor on a buffer that it does not copy. */
    static OnnxTensor tensor(OrtEnvironment environment, FloatBuffer buffer, long... dims) throws OrtException {
        return OnnxTensor.createTensor(environment, buffer, dims);
    }

    /** Returns a tensor on a copy of an array. */
    static OnnxTensor copied(OrtEnvironment environment, float[] values, long... dims) throws OrtException {
        FloatBuffer buffer = direct(values.length);
        buffer.put(values).rewind();
        return tensor(environment, buffer, dims);
    }

    /** Returns the axes of some images. */
    static long[] dims(int images, Shape shape) {
        int[] sizes = shape.sizes();
        long[] dims = new long[sizes.length + 1];
        dims[0] = images;
        for (int i = 0; i < sizes.length; i++) {
            dims[i + 1] = sizes[i];
        }
        return dims;
    }
}
