package org.cam4j.explain;

import java.util.ArrayList;
import java.util.List;

/**
 * Occlusion (Zeiler, Fergus: "Visualizing and Understanding Convolutional Networks", ECCV 2014). Sees the network from outside only.
 *
 * <p>A window is set to one value and moved over the image by half its side; M at a pixel is the mean, over the windows that cover it, of how
 * much the target falls. The paper shows the target itself under a grey window, whose place is the window's middle.
 *
 * @param divisions how often the window fits along a side of the image: a window of a side's n-th part moves over 2n - 1 places
 * @param value what the window is set to, after preprocessing; 0 is the mean colour for most networks
 */
public record Occlusion(int divisions, float value) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "occlusion";

    /** A part of the image: rows and columns from, inclusively, and to, exclusively. */
    private record Window(int top, int bottom, int left, int right) {}

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if the divisions are not positive
     */
    public Occlusion {
        if (divisions < 1) {
            throw new IllegalArgumentException(
                    "occlusion's window fits at least once along a side, not " + divisions + " times");
        }
    }

    /**
     * Explains with a window of 0.
     *
     * @param divisions how often the window fits along a side
     * @return the method
     */
    public static Occlusion with(int divisions) {
        return new Occlusion(divisions, 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        int height = image.shape().height();
        int width = image.shape().width();
        List<Window> windows = windows(height, width);
        float[][] logits = image.logits(windows.size(), i -> occluded(image, windows.get(i)));
        double whole = target.value(image.logits());
        double[] drops = new double[height * width];
        int[] covered = new int[height * width];
        for (int i = 0; i < logits.length; i++) {
            double drop = whole - target.value(logits[i]);
            Window window = windows.get(i);
            for (int y = window.top; y < window.bottom; y++) {
                for (int x = window.left; x < window.right; x++) {
                    drops[y * width + x] += drop;
                    covered[y * width + x]++;
                }
            }
        }
        float[] map = new float[drops.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) (drops[i] / covered[i]);
        }
        return new RawMap(RawMap.IMAGE, height, width, map);
    }

    private float[] occluded(ExplainedImage image, Window window) {
        float[] occluded = image.values().clone();
        int channels = image.shape().channels();
        int row = image.shape().width() * channels;
        for (int y = window.top; y < window.bottom; y++) {
            for (int i = window.left * channels; i < window.right * channels; i++) {
                occluded[y * row + i] = value;
            }
        }
        return occluded;
    }

    private List<Window> windows(int height, int width) {
        int tall = side(height);
        int wide = side(width);
        List<Window> windows = new ArrayList<>();
        for (int top : starts(height, tall)) {
            for (int left : starts(width, wide)) {
                windows.add(new Window(top, top + tall, left, left + wide));
            }
        }
        return windows;
    }

    private int side(int length) {
        return Math.max(1, (length + divisions / 2) / divisions);
    }

    /** Returns where windows start: every half side, the last one at the edge. */
    private static List<Integer> starts(int length, int side) {
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start < length - side; start += Math.max(1, side / 2)) {
            starts.add(start);
        }
        starts.add(length - side);
        return starts;
    }
}
