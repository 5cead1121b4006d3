package org.cam4j.engine.onednn;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network's kernels and the places of their values. Immutable; shared by all executions.
 *
 * @param kernels in the order in which they run
 * @param images how many run at a time
 * @param inputs the places of the inputs, row-major
 * @param outputs the places of the outputs by name, row-major
 * @param arenaBytes memory for all values
 * @param scratchBytes memory that kernels use while they run
 * @param winograd the numbers of the values that are computed by Winograd's algorithm
 */
record CompiledNetwork(
        List<Kernel> kernels,
        int images,
        List<Tensor> inputs,
        Map<String, Tensor> outputs,
        long arenaBytes,
        long scratchBytes,
        Set<Integer> winograd) {

    private static String code(Kernel kernel) {
        if (kernel instanceof Kernel.Primitive primitive) {
            return primitive.implementation();
        }
        return kernel instanceof Kernel.Definition ? "java" : "clear";
    }

    /** Returns the memory that an execution needs, in bytes. */
    long bytes() {
        return arenaBytes + scratchBytes;
    }

    /** Returns the names of the code that runs; networks with the same code give the same bits. */
    List<String> code() {
        return kernels.stream().map(CompiledNetwork::code).toList();
    }
}
