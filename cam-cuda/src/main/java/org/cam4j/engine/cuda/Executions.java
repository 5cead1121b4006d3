package org.cam4j.engine.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Convolution;

/** A bounded number of executions for each batch size; callers wait in the order in which they came. Thread-safe. */
final class Executions implements AutoCloseable {

    /** Images of a batch: more are run in several, one of which is copied while another is computed. */
    static final int LARGEST = 32;

    private static final int MOST_OF_A_SIZE = 4;

    /** Channels from which dense windows are worth another layout. */
    private static final int MANY_CHANNELS = 16;

    private final Device device;
    private final InferencePlan plan;
    private final boolean isApart;
    private final MemoryLimit limit;
    private final Weights weights;
    private final ConvolutionChoices choices;
    private final Layout layout;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition returned = lock.newCondition();
    private final Map<Integer, Deque<Execution>> idle = new HashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();
    /** Executions of a size, at most, if the GPU has no memory for more. */
    private final Map<Integer, Integer> most = new HashMap<>();

    private final List<Execution> all = new ArrayList<>();
    private int largest;

    /**
     * Starts without executions.
     *
     * @param stored ways of convolutions that an engine like this one chose earlier
     */
    Executions(Device device, InferencePlan plan, CudaSettings settings, Layout layout, Map<String, Choice> stored) {
        this.device = device;
        this.plan = plan;
        this.isApart = settings.isApart();
        this.limit = new MemoryLimit(settings.device(), settings.maxBytes());
        this.weights = new Weights(device, limit);
        this.choices = new ConvolutionChoices(device.precision(), settings, stored);
        this.layout = layout;
        this.largest = largest(plan);
    }

    /** Planes for float convolutions with windows; rows for networks with depthwise convolutions. */
    static Layout layout(InferencePlan plan, Precision precision) {
        List<Convolution> convolutions = plan.steps().stream()
                .filter(step -> step.operation() instanceof Convolution)
                .map(step -> (Convolution) step.operation())
                .toList();
        boolean hasWindows = convolutions.stream()
                .anyMatch(convolution -> !convolution.window().isPointwise()
                        && convolution.inputs() >= MANY_CHANNELS
                        && !convolution.isDepthwise());
        boolean hasDepthwise = convolutions.stream().anyMatch(Convolution::isDepthwise);
        return precision == Precision.EXACT && hasWindows && !hasDepthwise ? Layout.PLANES : Layout.ROWS;
    }

    /** Kernels count a batch's numbers in 32 bits, and buffers of the host the bytes of inputs, outputs and maps. */
    static int largest(InferencePlan plan) {
        LongStream values =
                plan.steps().stream().mapToLong(step -> plan.shape(step.value()).size());
        LongStream inputs = plan.inputs().values().stream().mapToLong(StagedPixels::bytes);
        // Maps have fewer numbers than image and features together.
        LongStream outputs = plan.outputs().values().stream()
                .mapToLong(value -> 2L * Float.BYTES * plan.shape(value).size());
        long most = LongStream.of(2 * most(values), 2 * most(inputs), most(outputs))
                .max()
                .orElse(1);
        int size = LARGEST;
        while (size > 1 && size * most > Integer.MAX_VALUE) {
            size /= 2;
        }
        return size;
    }

    private static long most(LongStream sizes) {
        return sizes.max().orElse(1);
    }

    /** The size in which to run the next of some images: the next larger one if few of it would be idle. */
    synchronized int size(int images) {
        int size = 1;
        while (size < images && size < largest) {
            size *= 2;
        }
        return images >= size || 4 * images > 3 * size ? size : size / 2;
    }

    /**
     * Makes do with less memory after a batch of a size found too little: smaller batches from now on, and without what is idle if one
     * image is too much.
     *
     * @return false if nothing can be done
     */
    boolean takesLess(int size) {
        if (size == 1) {
            return freesIdle();
        }
        synchronized (this) {
            largest = Math.min(largest, size / 2);
        }
        return true;
    }

    /** An execution of a size that no other caller uses; waits if there are enough of them. */
    Execution take(int size) {
        return take(size, true).orElseThrow();
    }

    /** The same, for a caller that holds one already: none instead of waiting, or callers could wait for each other. */
    Optional<Execution> tryTake(int size) {
        return take(size, false);
    }

    private Optional<Execution> take(int size, boolean waits) {
        while (true) {
            Turn turn = turn(size, waits);
            if (!turn.mayMake) {
                return turn.free;
            }
            try {
                return Optional.of(made(size));
            } catch (GpuFailure e) {
                if (!e.isOutOfMemory() || !sharesExisting(size)) {
                    throw e;
                }
            }
        }
    }

    /**
     * What a caller who wants an execution gets.
     *
     * @param free one that no other caller uses
     * @param mayMake whether the caller may make one
     */
    private record Turn(Optional<Execution> free, boolean mayMake) {}

    private Turn turn(int size, boolean waits) {
        lock.lock();
        try {
            while (true) {
                Execution free =
                        idle.computeIfAbsent(size, key -> new ArrayDeque<>()).poll();
                if (free != null) {
                    return new Turn(Optional.of(free), false);
                }
                int made = counts.getOrDefault(size, 0);
                if (made < most.getOrDefault(size, MOST_OF_A_SIZE)) {
                    counts.put(size, made + 1);
                    return new Turn(Optional.empty(), true);
                }
                if (!waits) {
                    return new Turn(Optional.empty(), false);
                }
                returned.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes no more executions of a size than there are; false if there are none. */
    private boolean sharesExisting(int size) {
        lock.lock();
        try {
            int made = counts.getOrDefault(size, 0);
            if (made > 0) {
                most.put(size, made);
            }
            return made > 0;
        } finally {
            lock.unlock();
        }
    }

    private Execution made(int size) {
        try {
            Execution execution;
            synchronized (device) {
                device.use();
                execution = new Execution(device, weights, limit, isApart, choices, plan, size, layout);
            }
            lock.lock();
            try {
                all.add(execution);
            } finally {
                lock.unlock();
            }
            return execution;
        } catch (RuntimeException | Error e) {
            forget(size);
            throw e;
        }
    }

    /** Lets another execution of a size be made. */
    private void forget(int size) {
        lock.lock();
        try {
            counts.merge(size, -1, Integer::sum);
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes an execution that failed. */
    void discard(Execution execution) {
        lock.lock();
        try {
            all.remove(execution);
        } finally {
            lock.unlock();
        }
        execution.close();
        forget(execution.batch());
    }

    /** Closes the executions that no caller uses; false if there are none. */
    private boolean freesIdle() {
        List<Execution> freed = new ArrayList<>();
        lock.lock();
        try {
            idle.values().forEach(some -> {
                freed.addAll(some);
                some.clear();
            });
            all.removeAll(freed);
        } finally {
            lock.unlock();
        }
        freed.forEach(execution -> {
            execution.close();
            forget(execution.batch());
        });
        return !freed.isEmpty();
    }

    /** Numbers in float on the GPU, uploaded once. */
    long uploaded(float[] numbers) {
        synchronized (device) {
            return weights.floats(numbers);
        }
    }

    /** A matrix [rows][columns] in float on the GPU as [columns][rows], uploaded once. */
    long uploadedColumns(float[] matrix, int rows) {
        synchronized (device) {
            return weights.columns(matrix, rows);
        }
    }

    MemoryLimit limit() {
        return limit;
    }

    void give(Execution execution) {
        lock.lock();
        try {
            idle.get(execution.batch()).push(execution);
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Map<String, Integer> algorithms() {
        return choices.summary();
    }

    Map<String, Choice> choices() {
        return choices.made();
    }

    List<String> trials() {
        return choices.trials();
    }

    long bytes() {
        long shared;
        synchronized (device) {
            shared = weights.bytes();
        }
        lock.lock();
        try {
            return shared + all.stream().mapToLong(Execution::bytes).sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        all.forEach(Execution::close);
        synchronized (device) {
            weights.close();
        }
    }
}
