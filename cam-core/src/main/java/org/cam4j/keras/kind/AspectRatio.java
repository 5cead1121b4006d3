package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;

/**
 * The crop or padding by which a {@code Resizing} keeps the aspect ratio of its input: the input first gets the ratio of the target. A
 * {@code CenterCrop} of an input that is too small crops and resizes in the same way.
 *
 * @param isCropped whether rows and columns are cropped; otherwise they are padded
 * @param sides rows or columns at the top, the bottom, the left and the right
 * @param filling the value of padded cells
 */
public record AspectRatio(boolean isCropped, List<Integer> sides, double filling) {

    private static final String CROP = "crop_to_aspect_ratio";
    private static final String PAD = "pad_to_aspect_ratio";
    /** Widest border, in cells; wider ones do not occur with images. */
    private static final int LARGEST = 16_384;

    private static final String FILL_MODE = "fill_mode";

    public AspectRatio {
        sides = List.copyOf(sides);
    }

    /** Whether a configuration keeps the aspect ratio. */
    public static boolean isKept(LayerConfig config) {
        return config.flag(CROP, false) || config.flag(PAD, false);
    }

    /** Returns why an input cannot be cropped or padded exactly. */
    static Optional<String> objection(LayerConfig config, TensorShape input, TensorShape target) {
        String flag = config.flag(CROP, false) ? CROP : PAD;
        if (config.flag(CROP, false) && config.flag(PAD, false)) {
            return Optional.of(CROP + "=True and " + PAD + "=True, of which Keras takes one");
        }
        if (!config.text(FILL_MODE, "constant").equals("constant")) {
            return Optional.of(FILL_MODE + " other than 'constant'");
        }
        boolean isCounted = input.isKnown()
                && (long) input.height() * target.width() <= Integer.MAX_VALUE
                && (long) input.width() * target.height() <= Integer.MAX_VALUE;
        if (!isCounted) {
            return Optional.of(flag + "=True of an input of the size " + input);
        }
        int most =
                of(config, input, target).sides.stream().max(Integer::compare).orElseThrow();
        return most <= LARGEST
                ? Optional.empty()
                : Optional.of(flag + "=True from " + input + " to " + target + ", a border of " + most);
    }

    /** Returns the crop or padding that a {@code Resizing} applies before it resizes. */
    public static AspectRatio of(LayerConfig config, TensorShape input, TensorShape target) {
        return config.flag(PAD, false) ? padded(input, target, config.number("fill_value", 0)) : cropped(input, target);
    }

    /** Returns the crop. Keras rounds the size down and crops an odd row or column at the end. */
    public static AspectRatio cropped(TensorShape input, TensorShape target) {
        int height = Math.max(1, Math.min(input.height(), fitted(input.width(), target.height(), target.width())));
        int width = Math.max(1, Math.min(input.width(), fitted(input.height(), target.width(), target.height())));
        int rows = input.height() - height;
        int columns = input.width() - width;
        return new AspectRatio(true, List.of(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2), 0);
    }

    /** Returns the padding. Keras pads both sides alike: an odd row or column is not padded. */
    private static AspectRatio padded(TensorShape input, TensorShape target, double filling) {
        int height = Math.max(input.height(), fitted(input.width(), target.height(), target.width()));
        int width = Math.max(input.width(), fitted(input.height(), target.width(), target.height()));
        int rows = (height - input.height()) / 2;
        int columns = (width - input.width()) / 2;
        return new AspectRatio(false, List.of(rows, rows, columns, columns), filling);
    }

    /** Returns the side that matches another at the target's ratio, in Keras' float arithmetic. */
    private static int fitted(int other, int target, int otherTarget) {
        return (int) ((float) (other * target) / otherTarget);
    }

    public boolean isIdle() {
        return sides.stream().allMatch(side -> side == 0);
    }
}
