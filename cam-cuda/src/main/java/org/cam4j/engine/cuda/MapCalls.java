package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;

import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.cam4j.plan.operation.Shape;

/** Chooses the classes of a batch, computes their maps and enlarges them, all on the GPU. */
final class MapCalls {

    private final int classes;
    private final int cells;
    private final int pixels;
    private final List<Call> calls;
    private final long chosen;
    private final long map;
    private final long upsampled;
    private final IntPointer hostChosen;
    private final FloatPointer hostMap;
    private final FloatPointer hostUpsampled;
    private final FloatBuffer upsampledBuffer;

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
        this.classes = logits.shape().size();
        this.cells = features.cells();
        this.pixels = image.height() * image.width();
        this.chosen = memory.allocate(4L * batch);
        this.map = memory.allocate(4L * batch * cells);
        this.upsampled = memory.allocate(4L * batch * pixels);
        this.hostChosen = memory.lockedInts(batch);
        this.hostMap = memory.lockedFloats((long) batch * cells);
        this.hostUpsampled = memory.lockedFloats((long) batch * pixels);
        this.upsampledBuffer = hostUpsampled.asBuffer();
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
                kernels.blocks("argmax", batch, 1, 1, 256, 1, chosen, logits.address(), classes),
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
                        Math.multiplyExact(batch, pixels)));
    }

    List<Call> calls() {
        return calls;
    }

    /** Puts the copies to the host on the stream. */
    void fetch(int count, CUstream_st stream) {
        up(hostChosen, chosen, count, stream);
        up(hostMap, map, count * cells, stream);
        up(hostUpsampled, upsampled, count * pixels, stream);
    }

    private static void up(Pointer to, long from, int numbers, CUstream_st stream) {
        Status.cuda(
                cudaMemcpyAsync(to, DeviceMemory.at(from), 4L * numbers, cudaMemcpyDeviceToHost, stream),
                "copying maps from the GPU");
    }

    /** Reads what {@link #fetch} brought, for {@code count} images from image {@code first} of the result on. */
    void read(ClassMaps maps, int first, int count) {
        hostChosen.get(maps.classes(), first, count);
        hostMap.get(maps.cells(), first * cells, count * cells);
        HostCopies.copy(maps.pixels(), first * pixels, upsampledBuffer, count * pixels);
    }
}
