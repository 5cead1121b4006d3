package org.cam4j.engine.onednn;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network's kernels and where their values lie; immutable, shared by any number of executions.
 *
 * @param kernels in the order in which they run
 * @param input where the images go, [n, h, w, c]
 * @param outputs where the outputs are, by name, row-major
 * @param arenaBytes memory for all values
 * @param scratchBytes memory that kernels use while they run
 * @param winograd the convolutions that are computed by Winograd's algorithm, by the number of the value that they make
 */
record CompiledNetwork(
        List<Kernel> kernels,
        Tensor input,
        Map<String, Tensor> outputs,
        long arenaBytes,
        long scratchBytes,
        Set<Integer> winograd) {

    /** Memory that an execution needs. */
    long bytes() {
        return arenaBytes + scratchBytes;
    }

    /** The names of the code that runs; networks of the same code give the same bits. */
    List<String> code() {
        return kernels.stream()
                .map(kernel -> kernel instanceof Kernel.Primitive primitive ? primitive.implementation() : "clear")
                .toList();
    }
}
