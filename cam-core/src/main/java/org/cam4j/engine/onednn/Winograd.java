package org.cam4j.engine.onednn;

import org.cam4j.plan.Convolution;
import org.cam4j.plan.Shape;
import org.cam4j.plan.Window;

/**
 * Where Winograd's minimal filtering (Lavin and Gray, CVPR 2016) beats direct convolution.
 *
 * <p>A rule and not a measurement of this very moment, so that the same network gives the same bits every time.
 */
final class Winograd {

    private static final int FEWEST_CHANNELS = 32;

    private Winograd() {}

    static boolean isFaster(Convolution convolution, Shape output) {
        Window window = convolution.window();
        return Layouts.areBlocked()
                && convolution.groups() == 1
                && window.height() == 3
                && window.width() == 3
                && window.strideY() == 1
                && window.strideX() == 1
                && window.dilationY() == 1
                && window.dilationX() == 1
                && convolution.inputs() >= FEWEST_CHANNELS
                && convolution.outputs() >= FEWEST_CHANNELS
                && output.size() > 0;
    }
}
