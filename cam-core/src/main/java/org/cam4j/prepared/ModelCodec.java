package org.cam4j.prepared;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.Packing;
import org.cam4j.image.ImagePreparation;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.WeightArray;

/**
 * The fields of a prepared model's first section: whether it is lean, the description, the optional preparation, labels, plan, head, and
 * the optional packing. Large arrays lie in the other sections; the fields hold their offsets.
 */
final class ModelCodec {

    /** The arrays of the other sections. */
    interface Sections extends OperationReader.Source {

        /**
         * Returns a block of packed weights.
         *
         * @param offset bytes from the beginning of the section of packed weights
         * @param length bytes of the block
         * @throws IllegalArgumentException if the block is not inside the section
         */
        ByteBuffer packed(long offset, int length);
    }

    private ModelCodec() {}

    /**
     * Writes a model.
     *
     * @param plain assigns offsets to the plain weights, unless the model is lean
     * @param packed assigns offsets to the packed weights
     * @return a new array
     */
    static byte[] write(PreparedModel model, Blocks<WeightArray> plain, Blocks<ByteBuffer> packed) {
        FieldWriter to = new FieldWriter();
        to.truth(model.isLean());
        write(model.description(), to);
        to.optional(model.preparation(), preparation -> PreparationCodec.write(preparation, to));
        to.list(model.labels(), to::text);
        PlanCodec.write(model.plan(), to, model.isLean() ? Optional.empty() : Optional.of(plain));
        to.optional(model.head(), head -> HeadCodec.write(head, to));
        to.optional(model.packing(), packing -> to.text(packing.fits())
                .text(packing.summary())
                .bytes(packing.description())
                .list(packing.blocks(), block -> to.large(packed.add(block, block.limit()))
                        .number(block.limit())));
        return to.toBytes();
    }

    /**
     * Reads a model.
     *
     * @param bytes the whole section; not modified
     * @throws IllegalArgumentException if the bytes are not a model, with a message for the user
     */
    static PreparedModel read(ByteBuffer bytes, Sections sections) {
        FieldReader from = new FieldReader(bytes);
        boolean isLean = from.truth();
        ModelDescription description = description(from);
        Optional<ImagePreparation> preparation = from.optional(() -> PreparationCodec.read(from));
        List<String> labels = from.list(from::text);
        InferencePlan plan = PlanCodec.read(from, isLean, sections);
        Optional<LinearHead> head = from.optional(() -> HeadCodec.read(from));
        Optional<Packing> packing = from.optional(() -> new Packing(
                from.text(), from.text(), from.bytes(), from.list(() -> sections.packed(from.large(), from.number()))));
        from.end();
        return new PreparedModel(description, preparation, labels, plan, head, packing, isLean);
    }

    private static void write(ModelDescription description, FieldWriter to) {
        to.text(description.model()).optional(description.sha256(), to::text).text(description.version());
        to.text(description.lastConvolution())
                .text(description.features())
                .text(description.pooling())
                .text(description.head());
        to.text(description.activation()).text(description.scores()).large(description.parameters());
        to.list(description.notes(), to::text);
    }

    private static ModelDescription description(FieldReader from) {
        return new ModelDescription(
                from.text(),
                from.optional(from::text),
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                from.large(),
                from.list(from::text));
    }
}
