package org.cam4j.prepared;

import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;

/** The fields of the preparation of photos: height, width, channels; channel order, scales, offsets; interpolation; fit. */
final class PreparationCodec {

    private PreparationCodec() {}

    static void write(ImagePreparation preparation, FieldWriter to) {
        Preprocessing preprocessing = preparation.preprocessing();
        to.number(preparation.height()).number(preparation.width()).number(preparation.channels());
        to.code(ConstantNumbers.of(preprocessing.order()));
        to.list(preprocessing.scale(), to::precise).list(preprocessing.offset(), to::precise);
        to.code(ConstantNumbers.of(preparation.interpolation()));
        if (preparation.shortSide() == 0) {
            to.code(ConstantNumbers.of(preparation.fit()));
        } else {
            to.code(ConstantNumbers.RESIZED_CENTER_CROP).number(preparation.shortSide());
        }
    }

    static ImagePreparation read(FieldReader from) {
        int height = from.number();
        int width = from.number();
        int channels = from.number();
        Preprocessing preprocessing = new Preprocessing(
                ConstantNumbers.order(from.code()), from.list(from::precise), from.list(from::precise));
        Interpolation interpolation = ConstantNumbers.interpolation(from.code());
        int fit = from.code();
        boolean isResized = fit == ConstantNumbers.RESIZED_CENTER_CROP;
        return new ImagePreparation(
                height,
                width,
                channels,
                preprocessing,
                interpolation,
                isResized ? Fit.CENTER_CROP : ConstantNumbers.fit(fit),
                isResized ? from.number() : 0);
    }
}
