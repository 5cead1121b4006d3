package org.cam4j.render.overlay;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Colormap;
import org.cam4j.render.picture.Jpeg;
import org.cam4j.render.picture.Mark;
import org.cam4j.render.picture.Png;
import org.cam4j.render.text.Caption;

/**
 * A photo with the evidence for a class laid over it as heat, at the photo's own resolution or smaller.
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

    private final Supplier<DecodedPhoto> photo;
    private final ActivationMap map;
    private final OverlayStyle style;

    private Overlay(Supplier<DecodedPhoto> photo, ActivationMap map, OverlayStyle style) {
        this.photo = photo;
        this.map = map;
        this.style = style;
    }

    /**
     * The evidence for the best class.
     *
     * @param explanation the photo and its maps
     * @return an overlay in {@link Colormap#TURBO} with an opacity of 0.6, without boxes and label
     * @throws org.cam4j.exception.UnsupportedModelException if the map has no place in the photo
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
     * @throws org.cam4j.exception.UnsupportedModelException if the map has no place in the photo
     */
    public static Overlay of(Explanation explanation, ActivationMap map) {
        DecodedPhoto photo = explanation.decoded();
        return of(() -> photo, photo.width(), photo.height(), map);
    }

    /**
     * The evidence of a map of a photo.
     *
     * @param photo the photo, upright; what is transparent shows white
     * @param map a map of it
     * @return an overlay as by {@link #of(Explanation)}
     * @throws IllegalArgumentException if the map is of a photo of another size
     * @throws org.cam4j.exception.UnsupportedModelException if the map has no place in the photo
     */
    public static Overlay of(BufferedImage photo, ActivationMap map) {
        // What is transparent would be dropped otherwise, and other kinds of images converted in another way.
        return of(
                () -> DecodedPhoto.of(photo.getType() == BufferedImage.TYPE_INT_RGB ? photo : Canvas.copyOf(photo)),
                photo.getWidth(),
                photo.getHeight(),
                map);
    }

    private static Overlay of(Supplier<DecodedPhoto> photo, int width, int height, ActivationMap map) {
        Geometry geometry = map.geometry();
        if (width != geometry.photoWidth() || height != geometry.photoHeight()) {
            throw new IllegalArgumentException("the photo is " + width + "x" + height
                    + " pixels, but the map is of a photo of " + geometry.photoWidth() + "x" + geometry.photoHeight()
                    + ": give the photo that was explained, upright.");
        }
        map.upright(); // Refuses maps without a place now, not when the picture is made.
        return new Overlay(photo, map, OverlayStyle.PLAIN);
    }

    /**
     * Sets the colours.
     *
     * @param colours what heat looks like
     * @return a new overlay
     */
    public Overlay colormap(Colormap colours) {
        return with(style.withColormap(Objects.requireNonNull(colours, "colours")));
    }

    /**
     * Sets the opacity of the heat.
     *
     * @param max in [0, 1]: how much the hottest pixel hides of the photo
     * @return a new overlay
     */
    public Overlay opacity(double max) {
        if (!(max >= 0 && max <= 1)) {
            throw new IllegalArgumentException("an opacity of " + max
                    + " is out of range: give 0 (only the photo) to 1 (only heat where hottest)");
        }
        return with(style.withOpacity(max));
    }

    /**
     * Leaves out the photo: every pixel in the colour of its heat.
     *
     * @return a new overlay
     */
    public Overlay heatOnly() {
        return with(style.withHeatOnly());
    }

    /**
     * Adds lines of equal heat, by marching squares; at 0.2 it is the outline that {@link
     * org.cam4j.localization.Localizer#paper()} puts its box round.
     *
     * @param levels each in (0, 1), shares of the largest value in the photo
     * @return a new overlay
     */
    public Overlay contours(double... levels) {
        for (double level : levels) {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException("a contour line at " + level
                        + " is out of range: give shares of the maximum between 0 and 1, both exclusive");
            }
        }
        return with(style.withContours(Arrays.stream(levels).boxed().toList()));
    }

    /**
     * Adds a box: a white line with a dark halo on the outermost pixels of the box.
     *
     * @param box in the photo's own pixels; parts beyond the photo are not seen
     * @return a new overlay
     * @throws IllegalArgumentException if the box lies wholly beside the photo
     */
    public Overlay box(BoundingBox box) {
        return mark(new Mark(box, Optional.empty()));
    }

    /**
     * Adds a box with a label.
     *
     * @param box as for {@link #box(BoundingBox)}
     * @param text one line at the box, for instance a label
     * @return a new overlay
     */
    public Overlay box(BoundingBox box, String text) {
        return mark(new Mark(box, Optional.of(text)));
    }

    /**
     * Adds a box with a label and its probability, as in {@code giant panda 0.97}.
     *
     * @param box as for {@link #box(BoundingBox)}
     * @param label what is in it
     * @param score in [0, 1]
     * @return a new overlay
     */
    public Overlay box(BoundingBox box, String label, double score) {
        return box(box, label + " " + Caption.probability(score));
    }

    private Overlay mark(Mark mark) {
        int width = map.geometry().photoWidth();
        int height = map.geometry().photoHeight();
        if (mark.box().clip(width, height).isEmpty()) {
            throw new IllegalArgumentException("the box " + mark.box() + " lies beside the photo of " + width + "x"
                    + height + ": boxes are in the photo's own pixels.");
        }
        return with(style.withMark(mark));
    }

    /**
     * Adds the class's label and probability, as in {@code giant panda 0.97}: above the first box that says
     * nothing itself, or in the top left corner.
     *
     * @return a new overlay
     */
    public Overlay label() {
        return label(map.prediction().label() + " "
                + Caption.probability(map.prediction().probability()));
    }

    /**
     * Adds a caption: above the first box that says
     * nothing itself, or in the top left corner.
     *
     * @param text one line; shortened with an ellipsis where it is longer than the photo is wide
     * @return a new overlay
     */
    public Overlay label(String text) {
        return with(style.withLabel(text));
    }

    /**
     * Adds the original photo to its left.
     *
     * @return a new overlay, whose picture is a little more than twice as wide
     */
    public Overlay sideBySide() {
        return with(style.withSideBySide());
    }

    /**
     * Adds a colour bar below it, from 0 to the largest value in the photo.
     *
     * @return a new overlay, whose picture is a little higher
     */
    public Overlay legend() {
        return with(style.withLegend());
    }

    /**
     * Sets the size of the picture. Photos are shrunk by area averaging before anything is drawn; heat, boxes and legend are those of the
     * photo's own pixels. Defaults to the photo's size.
     *
     * @param pixels along the longer side of the photo in the picture, at least 1; smaller photos keep their size
     * @return a new overlay
     */
    public Overlay longestSide(int pixels) {
        if (pixels < 1) {
            throw new IllegalArgumentException("a picture of " + pixels + " pixels: give at least 1");
        }
        return with(style.withLongestSide(pixels));
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
     * Draws the picture.
     *
     * @return a new picture, opaque RGB; of the photo's size or as {@link #longestSide} says, but for what {@link #sideBySide()} and
     *     {@link #legend()} add
     */
    public BufferedImage image() {
        return OverlayPicture.of(photo.get(), map, style);
    }

    /**
     * Draws the picture and writes it as a PNG file: whole or not at all.
     *
     * @param file where to; folders on the way are made, an existing file is replaced
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        Png.write(image(), file);
    }

    /**
     * Draws the picture and writes it as PNG, for example into the answer of a service. Unlike {@code ImageIO.write} it needs no
     * temporary file and no shutdown hook.
     *
     * @param out where to; not closed
     * @throws UncheckedIOException if the stream fails; a part of the picture may be written then
     */
    public void write(OutputStream out) {
        try {
            Png.write(image(), out);
        } catch (IOException e) {
            throw new UncheckedIOException("the overlay cannot be written to the stream", e);
        }
    }

    /**
     * Draws the picture and encodes it as PNG.
     *
     * @return the bytes of a file
     */
    public byte[] png() {
        return Png.encode(image());
    }

    /**
     * Draws the picture and encodes it as JPEG: a sixth of the bytes of PNG, but pixels without evidence do not keep the photo's colours
     * exactly.
     *
     * @param quality in (0, 1]; 0.85 suits photos
     * @return the bytes of a file
     */
    public byte[] jpeg(double quality) {
        if (!(quality > 0 && quality <= 1)) {
            throw new IllegalArgumentException("a quality of " + quality + " is out of range: give more than 0, to 1");
        }
        return Jpeg.signed(Jpeg.encode(image(), (float) quality));
    }

    private Overlay with(OverlayStyle other) {
        return new Overlay(photo, map, other);
    }
}
