package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.nio.FloatBuffer;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** One of the plan's inputs: page-locked memory of the host, and the block on the GPU that it is copied to. Not thread-safe. */
final class StagedInput {

    private final Device device;
    private final DeviceMemory memory;
    private final Block block;
    private final int batch;
    private final int size;
    private final FloatPointer host;
    private final FloatBuffer buffer;
    /** Made with the first bytes. */
    private StagedPixels staged;

    /**
     * Allocates memory of the host.
     *
     * @param block takes a batch in floats
     * @param size numbers of one image
     */
    StagedInput(Device device, DeviceMemory memory, Block block, int batch, int size) {
        this.device = device;
        this.memory = memory;
        this.block = block;
        this.batch = batch;
        this.size = size;
        this.host = memory.lockedFloats((long) batch * size);
        this.buffer = host.asBuffer();
    }

    /** Brings images to the places from a slot on. */
    void copy(Source source, int first, int count, int slot, CUstream_st stream) {
        if (source instanceof Source.Pixels pixels) {
            if (staged == null) {
                staged = new StagedPixels(device, memory, pixels.batch().shape(), batch);
            }
            staged.copy(pixels.batch(), first, count, slot, block.address(), stream);
        } else if (source instanceof Source.Outputs outputs) {
            if (!isCopied(outputs.batch(), first, count, slot, stream)) {
                copy(outputs.batch().host(), first, count, slot, stream);
            }
        } else if (source instanceof Source.Floats floats) {
            copy(floats.numbers(), first, count, slot, stream);
        }
    }

    /** Copies outputs of another run on the GPU; false if they are not there. */
    private boolean isCopied(KeptBatch source, int first, int count, int slot, CUstream_st stream) {
        return source.values()
                .onDevice(source.output(), device, address -> {
                    Status.cuda(
                            cudaMemcpyAsync(
                                    DeviceMemory.at(block.address() + 4L * slot * size),
                                    DeviceMemory.at(address + 4L * first * size),
                                    4L * count * size,
                                    cudaMemcpyDeviceToDevice,
                                    stream),
                            "copying values on the GPU");
                    // Their engine may be closed afterwards.
                    Status.cuda(cudaStreamSynchronize(stream), "copying values on the GPU");
                    return true;
                })
                .isPresent();
    }

    /** Copies images to the GPU in parts: each part is on its way as soon as it is staged. */
    private void copy(FloatBuffer source, int first, int count, int slot, CUstream_st stream) {
        int offset = source.position() + first * size;
        HostCopies.inParts(count * size, (from, part) -> {
            int start = slot * size + from;
            buffer.put(start, source, offset + from, part);
            // Another thread's.
            device.use();
            Pointer to = DeviceMemory.at(block.address() + 4L * start);
            Status.cuda(
                    cudaMemcpyAsync(to, host.getPointer(start), 4L * part, cudaMemcpyHostToDevice, stream),
                    "copying images to the GPU");
        });
    }
}
