package org.cam4j.dl4j.engine;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.cam4j.engine.Batch;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Images in an ND4J array, on the host or on a GPU. */
public final class Nd4jBatch implements Batch {

    private final INDArray array;
    private final Shape shape;

    /**
     * Creates a batch from an array.
     *
     * @param images preprocessed [n, height, width, channels], of any type and order; neither modified nor copied
     * @throws IllegalArgumentException if the array has other axes or holds no image
     */
    public Nd4jBatch(INDArray images) {
        if (images.rank() != 4 || images.isEmpty()) {
            throw new IllegalArgumentException(
                    "images must be [n, height, width, channels], not " + Arrays.toString(images.shape()));
        }
        this.array = images;
        this.shape = new Shape((int) images.size(1), (int) images.size(2), (int) images.size(3));
    }

    /**
     * Returns the images as a row-major array of floats; not copied if they already have this form.
     *
     * @param images any batch
     * @return valid until closed
     */
    static Lent lent(Batch images) {
        if (images instanceof Nd4jBatch batch) {
            boolean isInOrder = batch.isInOrder();
            return new Lent(isInOrder ? batch.array : batch.inOrder(), !isInOrder);
        }
        return new Lent(
                RearrangementOperations.shaped(Nd4j.createFromArray(images.numbers()), images.count(), images.shape()),
                true);
    }

    /**
     * An array for one run.
     *
     * @param array [n, height, width, channels], float, row-major
     * @param isCopy whether closing frees the array's memory
     */
    record Lent(INDArray array, boolean isCopy) implements AutoCloseable {

        @Override
        public void close() {
            if (isCopy) {
                array.close();
            }
        }
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public int count() {
        return (int) array.size(0);
    }

    /** Returns the array's own memory if it is row-major: a copy on ND4J's threads would slow down other engines' threads. */
    @Override
    public FloatBuffer host() {
        return isInOrder()
                ? array.data().asNioFloat()
                : FloatBuffer.wrap(inOrder().data().asFloat());
    }

    private boolean isInOrder() {
        return array.dataType() == DataType.FLOAT && isRowMajor(array);
    }

    /** Whether an array's memory is its numbers, row by row: a permuted array is of order 'c' and no view for ND4J. */
    static boolean isRowMajor(INDArray array) {
        if (array.isView()) {
            return false;
        }
        long step = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) > 1 && array.stride(axis) != step) {
                return false;
            }
            step *= array.size(axis);
        }
        return true;
    }

    private INDArray inOrder() {
        return array.castTo(DataType.FLOAT).dup('c');
    }
}
