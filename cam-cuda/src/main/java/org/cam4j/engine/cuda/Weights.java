package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.WeightArray;

/** A network's weights on the GPU, each uploaded once in every layout that the kernels want. Not thread-safe. */
final class Weights implements AutoCloseable {

    private enum Form {
        FLOATS,
        STORED,
        CHANNELS_LAST,
        DEPTHWISE,
        COLUMNS
    }

    private final Device device;
    private final MemoryLimit limit;
    private final Map<SharedWeights.Key, Long> addresses = new HashMap<>();

    Weights(Device device, MemoryLimit limit) {
        this.device = device;
        this.limit = limit;
    }

    private long shared(Object array, Form form, ToLongFunction<DeviceMemory> upload) {
        return addresses.computeIfAbsent(
                new SharedWeights.Key(array, form), key -> device.weights().retain(key, limit, upload));
    }

    /** Numbers as they are, in float. */
    long floats(float[] values) {
        return shared(values, Form.FLOATS, memory -> memory.upload(values));
    }

    /** Numbers as they are, stored as the network's values. */
    long stored(float[] values) {
        return shared(values, Form.STORED, memory -> stored(memory, values));
    }

    /** Numbers as they are, stored as the network's values. */
    long stored(WeightArray values) {
        return shared(values, Form.STORED, memory -> stored(memory, values.values()));
    }

    /** A matrix [rows][columns] in float as [columns][rows]. */
    long columns(float[] matrix, int rows) {
        return shared(matrix, Form.COLUMNS, memory -> memory.upload(swapped(matrix, rows, matrix.length / rows)));
    }

    /** [outputs][height][width][inputs / groups], stored as the network's values. */
    long channelsLast(Convolution convolution) {
        int cells = convolution.window().height() * convolution.window().width();
        if (cells == 1) {
            return stored(convolution.weights());
        }
        return shared(convolution.weights(), Form.CHANNELS_LAST, memory -> {
            float[] values = convolution.weights().values();
            return stored(memory, swapped(values, convolution.inputs() / convolution.groups(), cells));
        });
    }

    /** [height][width][outputs] in float, of a depthwise convolution. */
    long depthwise(Convolution convolution) {
        return shared(convolution.weights(), Form.DEPTHWISE, memory -> {
            float[] values = convolution.weights().values();
            return memory.upload(swapped(values, convolution.outputs(), values.length / convolution.outputs()));
        });
    }

    /** Every matrix [rows][columns] becomes [columns][rows]. */
    private static float[] swapped(float[] values, int rows, int columns) {
        float[] result = new float[values.length];
        int size = rows * columns;
        for (int start = 0; start < values.length; start += size) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    result[start + column * rows + row] = values[start + row * columns + column];
                }
            }
        }
        return result;
    }

    private long stored(DeviceMemory memory, float[] values) {
        long address = memory.upload(values);
        if (device.precision().storesFloats()) {
            return address;
        }
        long narrow = memory.allocate((long) device.precision().bytes() * values.length);
        device.kernels()
                .each("narrow", values.length, narrow, address, values.length)
                .on(DeviceMemory.NO_STREAM);
        Status.cuda(cudaStreamSynchronize(DeviceMemory.NO_STREAM), "rounding weights");
        memory.free(address);
        return narrow;
    }

    /** Bytes on the GPU; other engines may share them. */
    long bytes() {
        return addresses.keySet().stream().mapToLong(device.weights()::bytes).sum();
    }

    @Override
    public void close() {
        addresses.keySet().forEach(device.weights()::release);
        addresses.clear();
    }
}
