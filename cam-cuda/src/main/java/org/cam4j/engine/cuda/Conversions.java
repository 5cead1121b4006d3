package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import org.cam4j.plan.operation.Activation;

/** Adds tasks that bring values into the layout that their readers want, each once. */
final class Conversions {

    private final TaskList tasks;
    private final KernelCalls kernels;
    private final Map<Tensor, Tensor> turned = new HashMap<>();
    private final Map<Tensor, Tensor> repacked = new HashMap<>();

    Conversions(TaskList tasks, KernelCalls kernels) {
        this.tasks = tasks;
        this.kernels = kernels;
    }

    /** The same value in a layout, packed. */
    Tensor in(Layout layout, Tensor any) {
        Tensor tensor = packed(any);
        if (tensor.layout() == layout) {
            return tensor;
        }
        if (tensor.cells() == 1 || tensor.shape().channels() == 1) {
            return Tensor.packed(tensor.block(), tensor.shape(), layout);
        }
        return turned.computeIfAbsent(tensor, x -> {
            Tensor y = tasks.tensor(x.shape(), layout);
            tasks.add(() -> kernels.turn(y, x), y.block(), x.block());
            return y;
        });
    }

    /** The same value with its runs one after the other, as all kernels and libraries can read it. */
    Tensor packed(Tensor tensor) {
        return tensor.isPacked() && tensor.block().isAligned(DeviceMemory.ALIGNMENT)
                ? tensor
                : repacked.computeIfAbsent(tensor, x -> {
                    Tensor y = tasks.tensor(x.shape(), x.layout());
                    tasks.add(() -> kernels.affine(y, x, 0, 0, 0, Activation.IDENTITY), y.block(), x.block());
                    return y;
                });
    }
}
