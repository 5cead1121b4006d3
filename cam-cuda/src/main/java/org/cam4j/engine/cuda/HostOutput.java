package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** One of an execution's outputs: how it becomes floats in rows, and where they lie on both sides. Not thread-safe. */
final class HostOutput {

    private final DeviceMemory memory;
    private final int batch;
    private final List<Call> export;
    private final long address;
    private final int count;
    private FloatPointer host;
    private FloatBuffer buffer;

    /**
     * Creates an output.
     *
     * @param export makes the floats of the network's value
     * @param address of the floats
     * @param count numbers of one image
     */
    HostOutput(DeviceMemory memory, int batch, List<Call> export, long address, int count) {
        this.memory = memory;
        this.batch = batch;
        this.export = List.copyOf(export);
        this.address = address;
        this.count = count;
    }

    /** Numbers of one image. */
    int count() {
        return count;
    }

    /** The calls that make the floats on the GPU. */
    List<Call> export() {
        return export;
    }

    long address() {
        return address;
    }

    /** The calls that bring the output to the host, where it has page-locked memory from now on. */
    List<Call> toHost() {
        if (host == null) {
            host = memory.lockedFloats((long) batch * count);
            buffer = host.asBuffer();
        }
        Pointer from = DeviceMemory.at(address);
        List<Call> calls = new ArrayList<>(export);
        calls.add(on -> Status.cuda(
                cudaMemcpyAsync(host, from, 4L * batch * count, cudaMemcpyDeviceToHost, on),
                "copying results from the GPU"));
        return calls;
    }

    /** Reads what was brought, for {@code images} images from image {@code first} of the result on. */
    void read(float[] result, int first, int images) {
        HostCopies.copy(result, first * count, buffer, images * count);
    }
}
