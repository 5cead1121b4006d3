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
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Convolution;

/** A bounded number of executions for each batch size; callers wait in the order in which they came. Thread-safe. */
final class Executions implements AutoCloseable {

    /** Images of a batch: more are run in several, one of which is copied while another is computed. */
    private static final int LARGEST = 32;

    private static final int MOST_OF_A_SIZE = 4;

    /** Channels from which dense windows are worth another layout. */
    private static final int MANY_CHANNELS = 16;

    private final Device device;
    private final InferencePlan plan;
    private final Weights weights;
    private final ConvolutionChoices choices;
    private final Layout layout;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition returned = lock.newCondition();
    private final Map<Integer, Deque<Execution>> idle = new HashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();
    private final List<Execution> all = new ArrayList<>();
    private int largest;

    Executions(Device device, InferencePlan plan, boolean isTuned, Layout layout) {
        this.device = device;
        this.plan = plan;
        this.weights = new Weights(device);
        this.choices = new ConvolutionChoices(device.precision(), isTuned);
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

    /** Kernels count a batch's numbers in 32 bits. */
    private static int largest(InferencePlan plan) {
        long most = plan.steps().stream()
                .mapToLong(step -> plan.shape(step.value()).size())
                .max()
                .orElse(1);
        most = Math.max(most, plan.input().size());
        int size = LARGEST;
        while (size > 1 && size * most > Integer.MAX_VALUE / 2) {
            size /= 2;
        }
        return size;
    }

    /** The size in which to run the next of some images: the next larger one if few of it would be idle. */
    synchronized int size(int images) {
        int size = 1;
        while (size < images && size < largest) {
            size *= 2;
        }
        return images >= size || 4 * images > 3 * size ? size : size / 2;
    }

    /** Takes no larger batches from now on. */
    synchronized void limit(int size) {
        largest = Math.min(largest, size);
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
        lock.lock();
        try {
            while (true) {
                Execution free =
                        idle.computeIfAbsent(size, key -> new ArrayDeque<>()).poll();
                if (free != null) {
                    return Optional.of(free);
                }
                int made = counts.getOrDefault(size, 0);
                if (made < MOST_OF_A_SIZE) {
                    counts.put(size, made + 1);
                    break;
                }
                if (!waits) {
                    return Optional.empty();
                }
                returned.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        return Optional.of(made(size));
    }

    private Execution made(int size) {
        try {
            Execution execution;
            synchronized (device) {
                device.use();
                execution = new Execution(device, weights, choices, plan, size, layout);
            }
            lock.lock();
            try {
                all.add(execution);
            } finally {
                lock.unlock();
            }
            return execution;
        } catch (RuntimeException | Error e) {
            lock.lock();
            try {
                counts.merge(size, -1, Integer::sum);
                returned.signalAll();
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    /** Numbers in float on the GPU, uploaded once. */
    long uploaded(float[] numbers) {
        synchronized (device) {
            return weights.floats(numbers);
        }
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

    List<String> trials() {
        return choices.trials();
    }

    long bytes() {
        lock.lock();
        try {
            return weights.bytes() + all.stream().mapToLong(Execution::bytes).sum();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        all.forEach(Execution::close);
        weights.close();
    }
}
