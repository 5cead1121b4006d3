package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.cam4j.plan.operation.Shape;

/** Chooses the classes of a batch, computes their maps and enlarges them on the GPU, and brings all to the host. */
final class MapCalls {

    private final int cells;
    private final int pixels;
    private final List<Call> calls;
    private final IntBuffer hostChosen;
    private final FloatBuffer hostMap;
    private final FloatBuffer hostUpsampled;

    /**
     * Allocates memory for maps.
     *
     * @param weights [classes][channels] in float, on the GPU
     */
    MapCalls(
            Kernels kernels,
            DeviceMemory memory,
            int batch,
            Shape image,
            Tensor features,
            Tensor logits,
            long weights) {
        this.cells = features.cells();
        this.pixels = image.height() * image.width();
        // One block, which is copied to the host at once.
        long start = memory.allocate(4L * batch * (1 + cells + pixels));
        long upsampled = start;
        long map = start + 4L * batch * pixels;
        long chosen = map + 4L * batch * cells;
        FloatPointer host = memory.lockedFloats((long) batch * (1 + cells + pixels));
        this.hostUpsampled = host.asBuffer();
        this.hostMap = hostUpsampled.slice(batch * pixels, batch * cells);
        this.hostChosen = new IntPointer(host.getPointer((long) batch * (cells + pixels)))
                .capacity(batch)
                .asBuffer();
        int channels = features.shape().channels();
        Call sums = features.isPlanes()
                ? kernels.blocks(
                        "camPlanes",
                        (cells + 31) / 32,
                        1,
                        batch,
                        32,
                        8,
                        map,
                        features.address(),
                        weights,
                        chosen,
                        cells,
                        channels)
                : kernels.warps(
                        "cam",
                        (long) batch * cells,
                        1,
                        map,
                        features.address(),
                        weights,
                        chosen,
                        cells,
                        channels,
                        batch * cells);
        this.calls = List.of(
                kernels.blocks(
                        "argmax",
                        batch,
                        1,
                        1,
                        256,
                        1,
                        chosen,
                        logits.address(),
                        logits.shape().size()),
                sums,
                kernels.each(
                        "upsample",
                        (long) batch * pixels,
                        upsampled,
                        map,
                        features.shape().height(),
                        features.shape().width(),
                        image.height(),
                        image.width(),
                        Math.multiplyExact(batch, pixels)),
                stream -> Status.cuda(
                        cudaMemcpyAsync(
                                host, DeviceMemory.at(start), 4L * host.capacity(), cudaMemcpyDeviceToHost, stream),
                        "copying maps from the GPU"));
    }

    List<Call> calls() {
        return calls;
    }

    /** Reads what the last call brought, for {@code count} images from image {@code first} of the result on. */
    void read(ClassMaps maps, int first, int count) {
        hostChosen.get(0, maps.classes(), first, count);
        hostMap.get(0, maps.cells(), first * cells, count * cells);
        HostCopies.copy(maps.pixels(), first * pixels, hostUpsampled, count * pixels);
    }
}
