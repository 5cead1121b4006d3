package org.cam4j.engine.java;

import java.util.List;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;

/** Operations that move numbers without changing them. */
final class MovedNumbers {

    private static final int MOST_AXES = 4;

    private MovedNumbers() {}

    static double[] padded(Pad pad, double[] image, Shape shape, Shape output) {
        double[] result = new double[output.size()];
        int row = shape.width() * shape.channels();
        for (int y = 0; y < shape.height(); y++) {
            int cell =
                    (y + pad.padding().top()) * output.width() + pad.padding().left();
            System.arraycopy(image, y * row, result, cell * shape.channels(), row);
        }
        return result;
    }

    static double[] cropped(Crop crop, double[] image, Shape shape, Shape output) {
        double[] result = new double[output.size()];
        int row = output.width() * output.channels();
        for (int y = 0; y < output.height(); y++) {
            int cell = (y + crop.cropping().top()) * shape.width()
                    + crop.cropping().left();
            System.arraycopy(image, cell * shape.channels(), result, y * row, row);
        }
        return result;
    }

    static double[] spread(InsertZeros zeros, double[] image, Shape shape, Shape output) {
        double[] result = new double[output.size()];
        int channels = shape.channels();
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                int cell = y * zeros.stepY() * output.width() + x * zeros.stepX();
                System.arraycopy(image, (y * shape.width() + x) * channels, result, cell * channels, channels);
            }
        }
        return result;
    }

    static double[] sliced(Slice slice, double[] values, Shape shape, Shape output) {
        double[] result = new double[output.size()];
        int entry = entriesBehind(shape, slice.axis());
        int block = shape.size(slice.axis()) * entry;
        int kept = slice.count() * entry;
        for (int i = 0; i < values.length / block; i++) {
            System.arraycopy(values, i * block + slice.first() * entry, result, i * kept, kept);
        }
        return result;
    }

    static double[] concatenated(int axis, List<double[]> values, List<Shape> shapes, Shape output) {
        double[] result = new double[output.size()];
        int entry = entriesBehind(output, axis);
        int row = output.size(axis) * entry;
        int start = 0;
        for (int part = 0; part < values.size(); part++) {
            int block = shapes.get(part).size(axis) * entry;
            for (int i = 0; i < result.length / row; i++) {
                System.arraycopy(values.get(part), i * block, result, i * row + start, block);
            }
            start += block;
        }
        return result;
    }

    private static int entriesBehind(Shape shape, int axis) {
        int entries = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            entries *= shape.size(i);
        }
        return entries;
    }

    static double[] transposed(Transpose transpose, double[] values, Shape shape, Shape output) {
        // Axes of size 1 are added in front, so that there are always four.
        int[] sizes = {1, 1, 1, 1};
        int[] steps = new int[MOST_AXES];
        int missing = MOST_AXES - shape.rank();
        for (int axis = 0; axis < shape.rank(); axis++) {
            sizes[missing + axis] = output.size(axis);
            steps[missing + axis] = entriesBehind(shape, transpose.order().get(axis));
        }
        double[] result = new double[values.length];
        int written = 0;
        for (int a = 0; a < sizes[0]; a++) {
            for (int b = 0; b < sizes[1]; b++) {
                for (int c = 0; c < sizes[2]; c++) {
                    int source = a * steps[0] + b * steps[1] + c * steps[2];
                    for (int d = 0; d < sizes[3]; d++) {
                        result[written++] = values[source + d * steps[3]];
                    }
                }
            }
        }
        return result;
    }
}
