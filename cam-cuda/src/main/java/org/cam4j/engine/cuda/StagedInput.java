package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;

import java.nio.FloatBuffer;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** One of the plan's inputs: page-locked memory of the host, and the block on the GPU that it is copied to. Not thread-safe. */
final class StagedInput {

    private final Device device;
    private final Block block;
    private final int size;
    private final FloatPointer host;
    private final FloatBuffer buffer;

    /**
     * Allocates memory of the host.
     *
     * @param block takes a batch in floats
     * @param size numbers of one image
     */
    StagedInput(Device device, DeviceMemory memory, Block block, int batch, int size) {
        this.device = device;
        this.block = block;
        this.size = size;
        this.host = memory.lockedFloats((long) batch * size);
        this.buffer = host.asBuffer();
    }

    /** Copies images to the GPU in parts, to the places from a slot on: each part is on its way as soon as it is staged. */
    void copy(FloatBuffer source, int first, int count, int slot, CUstream_st stream) {
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
