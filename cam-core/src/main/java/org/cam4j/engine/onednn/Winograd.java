package org.cam4j.engine.onednn;

import org.cam4j.plan.Border;
import org.cam4j.plan.Convolution;
import org.cam4j.plan.Shape;
import org.cam4j.plan.Window;

/**
 * Where Winograd's minimal filtering (Lavin and Gray, CVPR 2016) beats direct convolution.
 *
 * <p>Measured with one thread on a Xeon with AVX-512: 0.38 to 0.86 of the direct time from 14x14 cells and 32 channels up, 0.7 to 1.6 of it at
 * 8x8 and below, where the transformed weights, 16/9 of the others, are most of the traffic. It is a rule and not a measurement
 * of this very moment, so that the same network gives the same bits every time.
 */
final class Winograd {

    private static final int FEWEST_CHANNELS = 32;
    private static final int FEWEST_CELLS = 65;

    private Winograd() {}

    static boolean isFaster(Convolution convolution, Shape output) {
        return Layouts.areBlocked()
                && convolution.groups() == 1
                && convolution.window().withBorder(Border.NONE).equals(Window.of(3, 3))
                && convolution.inputs() >= FEWEST_CHANNELS
                && convolution.outputs() >= FEWEST_CHANNELS
                && output.height() * output.width() >= FEWEST_CELLS;
    }
}
