package org.cam4j.prepared;

import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Preprocessing;

/** The fields of the preparation of photos: height, width, channels; channel order, scales, offsets; interpolation; fit. */
final class PreparationCodec {

    private PreparationCodec() {}

    static void write(ImagePreparation preparation, FieldWriter to) {
        Preprocessing preprocessing = preparation.preprocessing();
        to.number(preparation.height()).number(preparation.width()).number(preparation.channels());
        to.code(ConstantNumbers.of(preprocessing.order()));
        to.list(preprocessing.scale(), to::precise).list(preprocessing.offset(), to::precise);
        to.code(ConstantNumbers.of(preparation.interpolation())).code(ConstantNumbers.of(preparation.fit()));
    }

    static ImagePreparation read(FieldReader from) {
        return new ImagePreparation(
                from.number(),
                from.number(),
                from.number(),
                new Preprocessing(
                        ConstantNumbers.order(from.code()), from.list(from::precise), from.list(from::precise)),
                ConstantNumbers.interpolation(from.code()),
                ConstantNumbers.fit(from.code()));
    }
}
