package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;

import java.nio.IntBuffer;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** Tells of each image of a batch whether all numbers of an output are finite, so that the numbers may stay on the GPU. */
final class FiniteCheck {

    private static final int THREADS = 256;

    private final List<Call> calls;
    private final IntBuffer answers;

    FiniteCheck(Kernels kernels, DeviceMemory memory, int batch, HostOutput output) {
        long flags = memory.allocate(4L * batch);
        FloatPointer host = memory.lockedFloats(batch);
        this.answers = new IntPointer(host).capacity(batch).asBuffer();
        Call check = kernels.blocks("areFinite", batch, 1, 1, THREADS, 1, flags, output.address(), output.count());
        this.calls = List.of(
                check,
                on -> Status.cuda(
                        cudaMemcpyAsync(host, DeviceMemory.at(flags), 4L * batch, cudaMemcpyDeviceToHost, on),
                        "copying results from the GPU"));
    }

    List<Call> calls() {
        return calls;
    }

    boolean isFinite(int image) {
        return answers.get(image) != 0;
    }
}
