package org.cam4j.image;

import java.util.Objects;

/**
 * How a photo becomes the input of a family of networks, as their library writes it.
 *
 * @param preprocessing what happens to the values
 * @param interpolation how the photo is resized
 * @param fit what happens to its proportions
 * @param shortSide as {@link ImagePreparation#shortSide}; 0 if the crop is as large as the photo allows
 */
public record PhotoRecipe(Preprocessing preprocessing, Interpolation interpolation, Fit fit, int shortSide) {

    /**
     * torchvision's {@code ImageClassification} with its defaults: the shorter side to 256 pixels by Pillow's bilinear filter, the middle
     * 224x224, ImageNet's mean and deviation ({@link Preprocessing#TORCH}).
     */
    public static final PhotoRecipe IMAGENET = torchvision(256, Interpolation.SMOOTH_BILINEAR);

    public PhotoRecipe {
        Objects.requireNonNull(preprocessing, "preprocessing");
        Objects.requireNonNull(interpolation, "interpolation");
        Objects.requireNonNull(fit, "fit");
    }

    /**
     * {@return torchvision's {@code ImageClassification(crop_size=..., resize_size=shortSide)}; the crop is the network's input}
     *
     * @param shortSide such as 232 for the second weights of ResNet50
     * @param interpolation smooth bilinear for most weights, bicubic for some
     */
    public static PhotoRecipe torchvision(int shortSide, Interpolation interpolation) {
        return new PhotoRecipe(Preprocessing.TORCH, interpolation, Fit.CENTER_CROP, shortSide);
    }

    /**
     * {@return timm's recipe for evaluation: the shorter side to {@code floor(side / cropPct)} pixels, then the middle}
     *
     * @param side of the network's square input
     * @param cropPct timm's {@code crop_pct}, in (0, 1]
     * @param interpolation bicubic for most models
     * @param preprocessing by timm's {@code mean} and {@code std}; {@link Preprocessing#TORCH} for ImageNet's, {@link Preprocessing#TF} for
     *     0.5 and 0.5
     * @throws IllegalArgumentException if the crop is not in (0, 1]
     */
    public static PhotoRecipe timm(int side, double cropPct, Interpolation interpolation, Preprocessing preprocessing) {
        if (!(cropPct > 0 && cropPct <= 1)) {
            throw new IllegalArgumentException("crop_pct " + cropPct + ": expected more than 0, at most 1.");
        }
        return new PhotoRecipe(
                preprocessing, interpolation, Fit.CENTER_CROP, Math.toIntExact((long) Math.floor(side / cropPct)));
    }
}
