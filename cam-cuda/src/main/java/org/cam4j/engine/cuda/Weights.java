package org.cam4j.engine.cuda;

import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;

import java.util.HashMap;
import java.util.Map;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.WeightArray;

/** A network's weights on the GPU, each uploaded once in every layout that the kernels want. */
final class Weights implements AutoCloseable {

    private enum Form {
        FLOATS,
        STORED,
        CHANNELS_LAST,
        DEPTHWISE
    }

    /** Arrays are compared by identity: neither arrays nor {@link WeightArray} define equality. */
    private record Key(Object array, Form form) {}

    private final Device device;
    private final DeviceMemory memory = new DeviceMemory();
    private final Map<Key, Long> addresses = new HashMap<>();

    Weights(Device device) {
        this.device = device;
    }

    /** Numbers as they are, in float. */
    long floats(float[] values) {
        return addresses.computeIfAbsent(new Key(values, Form.FLOATS), key -> memory.upload(values));
    }

    /** Numbers as they are, stored as the network's values. */
    long stored(float[] values) {
        return addresses.computeIfAbsent(new Key(values, Form.STORED), key -> stored(device, values));
    }

    /** Numbers as they are, stored as the network's values. */
    long stored(WeightArray values) {
        return addresses.computeIfAbsent(new Key(values, Form.STORED), key -> stored(device, values.values()));
    }

    /** [outputs][height][width][inputs / groups], stored as the network's values. */
    long channelsLast(Convolution convolution) {
        int cells = convolution.window().height() * convolution.window().width();
        if (cells == 1) {
            return stored(convolution.weights());
        }
        return addresses.computeIfAbsent(new Key(convolution.weights(), Form.CHANNELS_LAST), key -> {
            float[] values = convolution.weights().values();
            return stored(device, swapped(values, convolution.inputs() / convolution.groups(), cells));
        });
    }

    /** [height][width][outputs] in float, of a depthwise convolution. */
    long depthwise(Convolution convolution) {
        return addresses.computeIfAbsent(new Key(convolution.weights(), Form.DEPTHWISE), key -> {
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

    private long stored(Device on, float[] values) {
        long address = memory.upload(values);
        if (on.precision().storesFloats()) {
            return address;
        }
        long narrow = memory.allocate((long) on.precision().bytes() * values.length);
        on.kernels()
                .each("narrow", values.length, narrow, address, values.length)
                .on(DeviceMemory.NO_STREAM);
        Status.cuda(cudaStreamSynchronize(DeviceMemory.NO_STREAM), "rounding weights");
        memory.free(address);
        return narrow;
    }

    long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        memory.close();
    }
}
