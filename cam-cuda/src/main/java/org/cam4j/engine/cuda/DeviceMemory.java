package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaFreeHost;
import static org.bytedeco.cuda.global.cudart.cudaHostAlloc;
import static org.bytedeco.cuda.global.cudart.cudaHostAllocPortable;
import static org.bytedeco.cuda.global.cudart.cudaMalloc;
import static org.bytedeco.cuda.global.cudart.cudaMemcpy;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Memory of the GPU, and page-locked memory of the host, that is freed together. Addresses on the GPU are plain numbers. */
final class DeviceMemory implements AutoCloseable {

    /** What cudaMalloc aligns to, in bytes. */
    static final long ALIGNMENT = 256;

    /** The stream that stands for none. */
    static final CUstream_st NO_STREAM = null;

    private record Block(Pointer memory, long size) {}

    private final MemoryLimit limit;
    private final Map<Long, Block> device = new LinkedHashMap<>();
    private final List<Pointer> host = new ArrayList<>();

    /** Creates memory of a GPU that counts towards a limit; that of the host does not. */
    DeviceMemory(MemoryLimit limit) {
        this.limit = limit;
    }

    /** Rounds a size up to the alignment. */
    static long aligned(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** An address as the presets want it. */
    static Pointer at(long address) {
        return new Address(address);
    }

    synchronized long allocate(long size) {
        Pointer memory = new Pointer();
        limit.take(size);
        try {
            Device.use(limit.device());
            Status.cuda(cudaMalloc(memory, Math.max(size, 1)), "allocating " + size + " bytes of the GPU");
        } catch (GpuFailure e) {
            limit.giveBack(size);
            throw e;
        }
        device.put(memory.address(), new Block(memory, size));
        return memory.address();
    }

    /** Frees one allocation early. */
    synchronized void free(long address) {
        Block block = device.remove(address);
        limit.giveBack(block.size);
        Status.cuda(cudaFree(block.memory), "freeing memory of the GPU");
    }

    long upload(float[] values) {
        long address = allocate(4L * values.length);
        try (FloatPointer staged = new FloatPointer(values)) {
            Status.cuda(
                    cudaMemcpy(at(address), staged, 4L * values.length, cudaMemcpyHostToDevice), "uploading weights");
            // Small copies return before they are done, and our streams do not wait for the default one.
            Status.cuda(cudaStreamSynchronize(NO_STREAM), "uploading weights");
        }
        return address;
    }

    synchronized FloatPointer lockedFloats(long count) {
        FloatPointer memory = new FloatPointer();
        Device.use(limit.device());
        Status.cuda(cudaHostAlloc(memory, 4 * count, cudaHostAllocPortable), "page-locking " + 4 * count + " bytes");
        memory.capacity(count);
        host.add(memory);
        return memory;
    }

    /** Bytes held on the GPU. */
    synchronized long bytes() {
        return device.values().stream().mapToLong(Block::size).sum();
    }

    @Override
    public synchronized void close() {
        // Whatever it returns: of a GPU that is lost nothing can be freed.
        device.values().forEach(block -> {
            cudaFree(block.memory);
            limit.giveBack(block.size);
        });
        host.forEach(memory -> cudaFreeHost(memory));
        device.clear();
        host.clear();
    }

    private static final class Address extends Pointer {
        @SuppressWarnings("this-escape")
        Address(long address) {
            this.address = address;
        }
    }
}
