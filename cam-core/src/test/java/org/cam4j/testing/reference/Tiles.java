package org.cam4j.testing.reference;

import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * What Winograd's minimal filtering (Lavin and Gray, CVPR 2016) makes of errors: it computes tiles of 4x4 cells at once, so that a
 * large number anywhere in a tile's 6x6 inputs is rounded into all of its results, several times as much as in a direct sum.
 */
final class Tiles {

    /** Fewer channels do not pay anywhere. */
    private static final int FEWEST_INPUTS = 64;

    private static final int REACH = 5;

    /** The transforms' coefficients (1, 2, 4, 5, 8) multiply what is added up. */
    private static final double COEFFICIENTS = 16;

    private Tiles() {}

    static boolean mayBeUsed(Convolution convolution) {
        return convolution.groups() == 1
                && convolution.inputs() >= FEWEST_INPUTS
                && convolution.window().withPadding(Padding.NONE).equals(Window.of(3, 3));
    }

    /** The largest of the errors of each channel nearby, times the coefficients. */
    static double[] spread(double[] errors, Shape shape) {
        double[] spread = new double[errors.length];
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                for (int c = 0; c < shape.channels(); c++) {
                    spread[(y * shape.width() + x) * shape.channels() + c] =
                            COEFFICIENTS * largest(errors, shape, y, x, c);
                }
            }
        }
        return spread;
    }

    private static double largest(double[] errors, Shape shape, int y, int x, int c) {
        double largest = 0;
        for (int row = Math.max(0, y - REACH); row <= Math.min(shape.height() - 1, y + REACH); row++) {
            for (int column = Math.max(0, x - REACH); column <= Math.min(shape.width() - 1, x + REACH); column++) {
                largest = Math.max(largest, errors[(row * shape.width() + column) * shape.channels() + c]);
            }
        }
        return largest;
    }
}
