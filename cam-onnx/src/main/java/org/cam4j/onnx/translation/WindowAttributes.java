package org.cam4j.onnx.translation;

import java.util.Arrays;
import org.cam4j.onnx.graph.Attributes;

/**
 * The window of a convolution or a pooling along all axes of the image.
 *
 * @param kernel its entries along each axis
 * @param strides from one position to the next
 * @param dilations from one entry to the next
 * @param begins cells before the image
 * @param ends cells behind the image
 * @param positions of the window along each axis
 */
record WindowAttributes(int[] kernel, int[] strides, int[] dilations, int[] begins, int[] ends, int[] positions) {

    /**
     * Reads the attributes.
     *
     * @param sizes of the image's axes
     * @param kernel entries along each axis
     */
    static WindowAttributes of(Attributes attributes, int[] sizes, int[] kernel) {
        int axes = sizes.length;
        int[] strides = listed(attributes, "strides", axes, 1, 1);
        int[] dilations = listed(attributes, "dilations", axes, 1, 1);
        int[] pads = listed(attributes, "pads", 2 * axes, 0, 0);
        if (kernel.length != axes) {
            throw new IllegalArgumentException("a window of " + kernel.length + " axes over an image of " + axes);
        }
        String automatic = attributes.text("auto_pad", "NOTSET");
        boolean roundsUp = attributes.integer("ceil_mode", 0) != 0;
        int[] begins = new int[axes];
        int[] ends = new int[axes];
        int[] positions = new int[axes];
        for (int i = 0; i < axes; i++) {
            long span = (kernel[i] - 1L) * dilations[i] + 1;
            if (kernel[i] < 1 || span > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a window of " + Arrays.toString(kernel));
            }
            if (automatic.startsWith("SAME")) {
                long count = ((long) sizes[i] + strides[i] - 1) / strides[i];
                long missing = Math.max(0, (count - 1) * strides[i] + span - sizes[i]);
                begins[i] = Math.toIntExact(automatic.equals("SAME_LOWER") ? missing - missing / 2 : missing / 2);
                ends[i] = Math.toIntExact(missing - begins[i]);
            } else if (!automatic.equals("VALID")) {
                begins[i] = pads[i];
                ends[i] = pads[i + axes];
            }
            if (begins[i] < 0 || ends[i] < 0) {
                throw new UntranslatedException("negative pads");
            }
            long room = (long) sizes[i] + begins[i] + ends[i] - span;
            if (room < 0) {
                throw new IllegalArgumentException("its window of " + Arrays.toString(kernel)
                        + " is larger than its input of " + Arrays.toString(sizes));
            }
            long count = (roundsUp ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
            if (roundsUp && (count - 1) * strides[i] >= (long) sizes[i] + begins[i]) {
                // No window lies in the padding behind alone.
                count--;
            }
            positions[i] = Math.toIntExact(count);
        }
        return new WindowAttributes(kernel, strides, dilations, begins, ends, positions);
    }

    private static int[] listed(Attributes attributes, String name, int count, int otherwise, int least) {
        int[] listed = attributes.integers(name).orElse(new int[0]);
        if (listed.length == 0) {
            listed = new int[count];
            Arrays.fill(listed, otherwise);
        }
        if (listed.length != count) {
            throw new IllegalArgumentException(listed.length + " " + name + " where " + count + " belong");
        }
        if (name.equals("pads")) {
            return listed;
        }
        for (int number : listed) {
            if (number < least) {
                throw new IllegalArgumentException("the " + name + " " + Arrays.toString(listed));
            }
        }
        return listed;
    }

    int span(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    /** Returns the cells behind the image, or behind a padded one, that the last window needs. */
    int needed(int axis, int size, int before) {
        return Math.max(0, (positions[axis] - 1) * strides[axis] + span(axis) - size - before);
    }

    boolean hasHoles() {
        return Arrays.stream(dilations).anyMatch(dilation -> dilation != 1);
    }
}
