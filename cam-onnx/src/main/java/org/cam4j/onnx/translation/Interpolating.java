package org.cam4j.onnx.translation;

import java.util.Arrays;
import org.cam4j.onnx.graph.Attributes;
import org.cam4j.plan.operation.Resize;

/**
 * How new entries of an axis are computed of the old ones.
 *
 * @param mode nearest, linear or cubic
 * @param coordinates where a new entry's centre lies among the old ones
 * @param rounding which old entry is the nearest
 * @param cubic the parameter of cubic interpolation
 */
record Interpolating(String mode, String coordinates, String rounding, double cubic) {

    static Interpolating of(Attributes attributes, boolean isOld) {
        String mode = attributes.text("mode", "nearest");
        if (!mode.equals("nearest") && !mode.equals("linear") && !mode.equals("cubic")) {
            throw new UntranslatedException("the mode '" + mode + "'");
        }
        if (attributes.integer("antialias", 0) != 0) {
            throw new UntranslatedException("antialiasing");
        }
        if (attributes.integer("exclude_outside", 0) != 0) {
            throw new UntranslatedException("the attribute exclude_outside");
        }
        return new Interpolating(
                mode,
                attributes.text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel"),
                attributes.text("nearest_mode", isOld ? "floor" : "round_prefer_floor"),
                attributes.number("cubic_coeff_a", -0.75f));
    }

    boolean isNearest() {
        return mode.equals("nearest");
    }

    /** Whether the plan's own operation computes the same along an axis. */
    boolean isPlans(int from, int to, double scale) {
        if (isNearest()) {
            return Arrays.equals(nearest(from, to, scale), Resize.nearest(from, to));
        }
        boolean isHalfPixel = coordinates.equals("half_pixel") || (coordinates.equals("pytorch_half_pixel") && to > 1);
        return mode.equals("linear") && isHalfPixel && Math.abs(scale * from / to - 1) < 1e-7;
    }

    private double source(int index, int from, int to, double scale) {
        return switch (coordinates) {
            case "half_pixel" -> (index + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> to > 1 ? (index + 0.5) / scale - 0.5 : 0;
            case "asymmetric" -> index / scale;
            case "align_corners" -> to == 1 ? 0 : index * (from - 1.0) / (to - 1);
            case "half_pixel_symmetric" -> {
                double adjustment = to / (scale * from);
                double centre = from / 2.0;
                yield centre * (1 - adjustment) + (index + 0.5) / scale - 0.5;
            }
            default -> throw new UntranslatedException("the coordinates '" + coordinates + "'");
        };
    }

    /** Finds the nearest old entry of each new one. */
    int[] nearest(int from, int to, double scale) {
        int[] places = new int[to];
        for (int i = 0; i < to; i++) {
            double at = source(i, from, to, scale);
            double rounded =
                    switch (rounding) {
                        case "floor" -> Math.floor(at);
                        case "ceil" -> Math.ceil(at);
                        case "round_prefer_floor" -> Math.ceil(at - 0.5);
                        case "round_prefer_ceil" -> Math.floor(at + 0.5);
                        default -> throw new UntranslatedException("the rounding '" + rounding + "'");
                    };
            places[i] = (int) Math.max(0, Math.min(from - 1, rounded));
        }
        return places;
    }

    /** Returns the weights [to][from] of linear or cubic interpolation; entries beyond the border are the border's. */
    float[][] weights(int from, int to, double scale) {
        float[][] weights = new float[to][from];
        for (int i = 0; i < to; i++) {
            double at = source(i, from, to, scale);
            int floor = (int) Math.floor(at);
            double t = at - floor;
            double[] shares = mode.equals("linear") ? new double[] {1 - t, t} : cubic(t);
            int first = mode.equals("linear") ? floor : floor - 1;
            for (int k = 0; k < shares.length; k++) {
                weights[i][Math.max(0, Math.min(from - 1, first + k))] += (float) shares[k];
            }
        }
        return weights;
    }

    /** Keys' kernel. */
    private double[] cubic(double t) {
        return new double[] {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)};
    }

    private double inner(double x) {
        return ((cubic + 2) * x - (cubic + 3)) * x * x + 1;
    }

    private double outer(double x) {
        return ((cubic * x - 5 * cubic) * x + 8 * cubic) * x - 4 * cubic;
    }
}
