package org.cam4j;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.cam4j.exception.PhotoException;
import org.cam4j.file.NpyArray;
import org.cam4j.image.Geometry;
import org.cam4j.image.ImageInput;

/**
 * Images that are prepared already: what another program, for example in Python, feeds to the same network.
 *
 * <pre>{@code
 * InputTensor images = InputTensor.read(Path.of("x.npy"));        // numpy.save("x.npy", preprocess_input(photos))
 * List<Explanation> explanations = mapper.explain(images);
 * }</pre>
 *
 * <p>Immutable. A file is read image by image, when an image is asked for.
 */
public final class InputTensor {

    private final String name;
    private final int count;
    private final int height;
    private final int width;
    private final int channels;
    private final boolean isPixels;
    private final IntFunction<float[]> images;

    private InputTensor(String name, int[] shape, boolean isPixels, IntFunction<float[]> images) {
        this.name = name;
        this.count = shape[0];
        this.height = shape[1];
        this.width = shape[2];
        this.channels = shape[3];
        this.isPixels = isPixels;
        this.images = images;
    }

    /**
     * Wraps one image.
     *
     * @param values [height, width, channels], row-major; not copied
     * @param height rows
     * @param width columns
     * @param channels channels
     * @return a tensor of one image, called {@value PhotoExplainer#UNNAMED}
     * @throws IllegalArgumentException if the values do not fill the shape
     */
    public static InputTensor of(float[] values, int height, int width, int channels) {
        return of(values, 1, height, width, channels);
    }

    /**
     * Wraps images.
     *
     * @param values [count, height, width, channels], row-major; not copied
     * @param count n
     * @param height rows
     * @param width columns
     * @param channels channels
     * @return a tensor of n images, called {@value PhotoExplainer#UNNAMED}, or {@value PhotoExplainer#UNNAMED}{@code [i]} if there are several
     * @throws IllegalArgumentException if the values do not fill the shape
     */
    public static InputTensor of(float[] values, int count, int height, int width, int channels) {
        int[] shape = {count, height, width, channels};
        if (values.length != (double) count * height * width * channels
                || Arrays.stream(shape).min().getAsInt() < 1) {
            throw new IllegalArgumentException(values.length + " values do not fill " + count
                    + (count == 1 ? " image of " : " images of ") + height + "x" + width + "x" + channels
                    + ", whose sizes must be positive");
        }
        int size = values.length / count;
        return new InputTensor(
                PhotoExplainer.UNNAMED,
                shape,
                false,
                image -> Arrays.copyOfRange(values, image * size, (image + 1) * size));
    }

    /**
     * Takes one image as PyTorch, DJL and ONNX Runtime have it.
     *
     * @param values [channels, height, width], row-major; copied
     * @param channels channels
     * @param height rows
     * @param width columns
     * @return a tensor of one image, channels last, called {@value PhotoExplainer#UNNAMED}
     * @throws IllegalArgumentException if the values do not fill the shape
     */
    public static InputTensor ofChannelsFirst(float[] values, int channels, int height, int width) {
        InputTensor sized = of(values, height, width, channels);
        float[] last = channelsLast(values, channels, height * width);
        return new InputTensor(sized.name, new int[] {1, height, width, channels}, false, image -> last.clone());
    }

    /**
     * Opens a NumPy file of images [n, h, w, c], or of one image [h, w, c].
     *
     * @param file what {@code numpy.save} wrote: float32, or float64 and float16, which are converted; uint8 for a network that takes pixels as
     *     they are
     * @return the images; results call them by the file's name
     * @throws PhotoException if it cannot be read, holds other numbers or no images
     */
    public static InputTensor read(Path file) {
        return read(file, false);
    }

    /**
     * Opens a NumPy file of images [n, c, h, w], or of one image [c, h, w], as PyTorch has them.
     *
     * @param file as for {@link #read(Path)}
     * @return the images, channels last
     * @throws PhotoException if it cannot be read, holds other numbers or no images
     */
    public static InputTensor readChannelsFirst(Path file) {
        return read(file, true);
    }

    private static InputTensor read(Path file, boolean channelsFirst) {
        NpyArray array = NpyArray.open(file);
        List<Integer> shape = array.shape();
        String expected = channelsFirst ? "[n, c, h, w]" : "[n, h, w, c]";
        if (shape.size() != 4 && shape.size() != 3) {
            throw new PhotoException("tensor '" + file + "' has the shape " + shape + ", expected images " + expected
                    + ": reshape it in NumPy.");
        }
        if (shape.contains(0)) {
            throw new PhotoException("tensor '" + file + "' of shape " + shape + " holds no image: expected " + expected
                    + " with at least one.");
        }
        boolean isOne = shape.size() == 3;
        int axis = isOne ? 0 : 1;
        int first = shape.get(axis);
        int second = shape.get(axis + 1);
        int third = shape.get(axis + 2);
        IntFunction<float[]> images = image -> isOne ? array.values() : array.slice(image);
        return new InputTensor(
                file.getFileName().toString(),
                channelsFirst
                        ? new int[] {isOne ? 1 : shape.get(0), second, third, first}
                        : new int[] {isOne ? 1 : shape.get(0), first, second, third},
                array.isBytes(),
                channelsFirst ? image -> channelsLast(images.apply(image), first, second * third) : images);
    }

    private static float[] channelsLast(float[] values, int channels, int cells) {
        float[] last = new float[values.length];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < cells; i++) {
                last[i * channels + c] = values[c * cells + i];
            }
        }
        return last;
    }

    /**
     * Returns the number of images.
     *
     * @return n, at least 1
     */
    public int count() {
        return count;
    }

    /**
     * Returns the rows of each image.
     *
     * @return h
     */
    public int height() {
        return height;
    }

    /**
     * Returns the columns of each image.
     *
     * @return w
     */
    public int width() {
        return width;
    }

    /**
     * Returns the channels of each image.
     *
     * @return c
     */
    public int channels() {
        return channels;
    }

    /**
     * Returns what results and messages call an image.
     *
     * @param image in [0, n)
     * @return the file's name, with the image's index if there are several: {@code x.npy[2]}
     */
    public String name(int image) {
        Objects.checkIndex(image, count);
        return count == 1 ? name : name + "[" + image + "]";
    }

    /**
     * Returns an image.
     *
     * @param image in [0, n)
     * @return a new array [h, w, c], row-major
     * @throws PhotoException if the file can no longer be read
     */
    public float[] values(int image) {
        return images.apply(Objects.checkIndex(image, count));
    }

    /** Returns whether the numbers are unsigned bytes, which no preprocessing but none gives. */
    boolean isPixels() {
        return isPixels;
    }

    /** Returns an image whose own pixels are what the user sees. */
    ImageInput input(int image) {
        return new ImageInput(values(image), height, width, channels, Geometry.squash(width, height, width, height));
    }

    /** For messages: {@code tensor 'x.npy' [8, 224, 224, 3]}. */
    @Override
    public String toString() {
        return "tensor '" + name + "' [" + count + ", " + height + ", " + width + ", " + channels + "]";
    }
}
