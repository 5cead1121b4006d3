package org.cam4j.examples.cli;

import java.awt.image.BufferedImage;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;

/**
 * Draws a small overlay on a daemon thread while the model is opened, which keeps one processor busy: for the first overlay, loading the
 * classes that draw takes longer than drawing.
 */
final class DrawingWarmUp {

    private static final int SIZE = 64;

    private DrawingWarmUp() {}

    static void start() {
        Thread thread = new Thread(DrawingWarmUp::draw, "cam4j-drawing-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void draw() {
        ActivationMap map = new ActivationMap(
                new Prediction(0, "warm-up", 1, 1),
                2,
                2,
                new float[] {1, 0, 0, 0},
                Geometry.squash(SIZE, SIZE, SIZE, SIZE));
        Overlay.of(new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB), map)
                .box(Localizer.paper().box(map).orElseThrow())
                .label()
                .png();
    }
}
