package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.cam4j.engine.PixelBatch;
import org.cam4j.plan.operation.Shape;

/**
 * Images of bytes on their way to the GPU, where they are sampled: for each image of a batch a place that holds its taps and, behind them, its
 * bytes, page-locked on the host and on the GPU. Not thread-safe.
 */
final class StagedPixels {

    /** Numbers of a place before scales, offsets and taps: where the sampled part begins, its size, bytes of a row. */
    private static final int HEAD = 5;

    private final Device device;
    private final Shape shape;
    private final int place;
    private final long address;
    private final FloatPointer host;
    private final ByteBuffer bytes;

    StagedPixels(Device device, DeviceMemory memory, Shape shape, int batch) {
        this.device = device;
        this.shape = shape;
        this.place = Math.toIntExact(bytes(shape));
        this.address = memory.allocate((long) batch * place);
        this.host = memory.lockedFloats((long) batch * place / Float.BYTES);
        this.bytes = new BytePointer(host)
                .capacity((long) batch * place)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    /** Bytes of an image's place, at most. */
    static long bytes(Shape shape) {
        return 4L * headNumbers(shape) + 4L * shape.size();
    }

    private static int headNumbers(Shape shape) {
        return HEAD + 2 * shape.channels() + 3 * (shape.height() + shape.width());
    }

    /**
     * Copies images to the places from a slot on, and samples them.
     *
     * @param values where the floats of the batch lie on the GPU
     */
    void copy(PixelBatch source, int first, int count, int slot, long values, CUstream_st stream) {
        HostCopies.atOnce(count, i -> {
            // Another thread's.
            device.use();
            int start = (slot + i) * place;
            int size = write(source.images().get(first + i), start);
            Status.cuda(
                    cudaMemcpyAsync(
                            DeviceMemory.at(address + start),
                            new BytePointer(host).getPointer(start),
                            size,
                            cudaMemcpyHostToDevice,
                            stream),
                    "copying images to the GPU");
        });
        int numbers = Math.multiplyExact(count, shape.size());
        device.use();
        device.kernels()
                .each(
                        "sampleBytes",
                        numbers,
                        values + 4L * slot * shape.size(),
                        address + (long) slot * place,
                        place,
                        shape.height(),
                        shape.width(),
                        shape.channels(),
                        numbers)
                .on(stream);
    }

    /** Returns how many bytes an image takes. */
    private int write(PixelBatch.Image image, int start) {
        ByteBuffer to = bytes.duplicate().order(ByteOrder.nativeOrder()).position(start);
        to.putInt(image.rows().start()).putInt(image.columns().start());
        to.putInt(image.rows().length()).putInt(image.columns().length());
        to.putInt(image.width() * shape.channels());
        write(to, image.scale());
        write(to, image.offset());
        write(to, image.rows(), shape.height());
        write(to, image.columns(), shape.width());
        to.put(image.pixels());
        return to.position() - start;
    }

    private static void write(ByteBuffer to, float... numbers) {
        to.asFloatBuffer().put(numbers);
        to.position(to.position() + 4 * numbers.length);
    }

    /** Writes three arrays of an axis' length, of which the taps fill the beginning. */
    private static void write(ByteBuffer to, PixelBatch.Axis axis, int length) {
        int start = to.position();
        to.asIntBuffer().put(axis.lower());
        to.position(start + 4 * length);
        to.asIntBuffer().put(axis.upper());
        to.position(start + 8 * length);
        to.asFloatBuffer().put(axis.weight());
        to.position(start + 12 * length);
    }
}
