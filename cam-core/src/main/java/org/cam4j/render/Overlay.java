package org.cam4j.render;

import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;

/**
 * A photo with the evidence for a class laid over it as heat, at the photo's own resolution.
 *
 * <p>With {@code v} the map enlarged to the photo, {@code heat = max(v, 0) / max(v)} and {@code alpha = opacity · heat^0.8}; a
 * pixel is {@code (1 - alpha) · photo + alpha · colormap(heat)} in each channel. So pixels that do not speak for the class keep
 * the photo's colours exactly, and a map with nothing positive leaves the whole photo as it is.
 *
 * <pre>{@code
 * Overlay.of(explanation).box(box).label().write(Path.of("pandas-cam.png"));
 * }</pre>
 *
 * <p>Immutable: each method gives a new overlay. The photo is not copied, so leave it alone until the picture is made.
 */
public final class Overlay {

    private static final double DEFAULT_OPACITY = 0.6;
    private static final double RISE = 0.8;

    private final BufferedImage photo;
    private final ActivationMap map;
    private final Colormap colormap;
    private final double opacity;
    private final List<BoundingBox> boxes;
    private final Optional<String> label;

    private Overlay(
            BufferedImage photo,
            ActivationMap map,
            Colormap colormap,
            double opacity,
            List<BoundingBox> boxes,
            Optional<String> label) {
        this.photo = photo;
        this.map = map;
        this.colormap = colormap;
        this.opacity = opacity;
        this.boxes = boxes;
        this.label = label;
    }

    /**
     * The evidence for the best class.
     *
     * @param explanation the photo and its maps
     * @return an overlay in {@link Colormap#TURBO} with an opacity of 0.6, without boxes and label
     */
    public static Overlay of(Explanation explanation) {
        return of(explanation, explanation.map());
    }

    /**
     * The evidence of a map of the same photo.
     *
     * @param explanation the photo
     * @param map the map of any class of it
     * @return an overlay as by {@link #of(Explanation)}
     * @throws IllegalArgumentException if the map is of a photo of another size
     */
    public static Overlay of(Explanation explanation, ActivationMap map) {
        return of(explanation.photo(), map);
    }

    /**
     * The evidence of a map of a photo.
     *
     * @param photo the photo, upright; what is transparent shows white
     * @param map a map of it
     * @return an overlay as by {@link #of(Explanation)}
     * @throws IllegalArgumentException if the map is of a photo of another size
     */
    public static Overlay of(BufferedImage photo, ActivationMap map) {
        Geometry geometry = map.geometry();
        if (photo.getWidth() != geometry.photoWidth() || photo.getHeight() != geometry.photoHeight()) {
            throw new IllegalArgumentException("the photo is " + photo.getWidth() + "x" + photo.getHeight()
                    + " pixels, but the map is of a photo of " + geometry.photoWidth() + "x" + geometry.photoHeight()
                    + ": give the photo that was explained, upright.");
        }
        return new Overlay(photo, map, Colormap.TURBO, DEFAULT_OPACITY, List.of(), Optional.empty());
    }

    /**
     * In other colours.
     *
     * @param colours what heat looks like
     * @return a new overlay
     */
    public Overlay colormap(Colormap colours) {
        return new Overlay(photo, map, Objects.requireNonNull(colours, "colours"), opacity, boxes, label);
    }

    /**
     * Fainter or stronger.
     *
     * @param max in [0, 1]: how much the hottest pixel hides of the photo
     * @return a new overlay
     */
    public Overlay opacity(double max) {
        if (!(max >= 0 && max <= 1)) {
            throw new IllegalArgumentException("an opacity of " + max
                    + " is out of range: give 0 (only the photo) to 1 (only heat where hottest)");
        }
        return new Overlay(photo, map, colormap, max, boxes, label);
    }

    /**
     * With a box, beside those that it has already: a white line with a dark halo on the outermost pixels of the box.
     *
     * @param box in the photo's own pixels; parts beyond the photo are not seen
     * @return a new overlay
     * @throws IllegalArgumentException if the box lies wholly beside the photo
     */
    public Overlay box(BoundingBox box) {
        if (box.clip(photo.getWidth(), photo.getHeight()).isEmpty()) {
            throw new IllegalArgumentException("the box " + box + " lies beside the photo of " + photo.getWidth() + "x"
                    + photo.getHeight() + ": boxes are in the photo's own pixels.");
        }
        List<BoundingBox> more = Stream.concat(boxes.stream(), Stream.of(box)).toList();
        return new Overlay(photo, map, colormap, opacity, more, label);
    }

    /**
     * With the class's name and probability, as in {@code giant panda 0.97}: above the first box, or in the top left corner.
     *
     * @return a new overlay
     */
    public Overlay label() {
        return label(map.prediction().label() + " "
                + Caption.probability(map.prediction().probability()));
    }

    /**
     * With words of your own: above the first box, or in the top left corner.
     *
     * @param text one line; shortened with an ellipsis where it is longer than the photo is wide
     * @return a new overlay
     */
    public Overlay label(String text) {
        return new Overlay(photo, map, colormap, opacity, boxes, Optional.of(text));
    }

    /**
     * The map that is laid over the photo.
     *
     * @return the map as it was given
     */
    public ActivationMap map() {
        return map;
    }

    /**
     * Makes the picture.
     *
     * @return a new picture of the photo's size, opaque RGB
     */
    public BufferedImage image() {
        BufferedImage picture = Canvas.copyOf(photo);
        heat(Canvas.pixels(picture));
        boxes.forEach(box -> Frame.draw(picture, box));
        label.ifPresent(text -> Tag.draw(picture, text, boxes.stream().findFirst()));
        return picture;
    }

    /**
     * Makes the picture and writes it as a PNG file: whole or not at all.
     *
     * @param file where to; folders on the way are made, an existing file is replaced
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        Png.write(image(), file);
    }

    private void heat(int[] pixels) {
        float[] values = map.upsampledArray();
        float max = 0;
        for (float value : values) {
            max = Math.max(max, value);
        }
        for (int i = 0; i < pixels.length; i++) {
            if (values[i] > 0) {
                double heat = values[i] / (double) max;
                pixels[i] = blend(pixels[i], colormap.rgb(heat), opacity * Math.pow(heat, RISE));
            }
        }
    }

    private static int blend(int below, int above, double alpha) {
        int blended = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double level = (below >> shift & 0xFF) * (1 - alpha) + (above >> shift & 0xFF) * alpha;
            blended |= (int) Math.rint(level) << shift;
        }
        return blended;
    }
}
