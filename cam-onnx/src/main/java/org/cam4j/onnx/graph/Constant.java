package org.cam4j.onnx.graph;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;

/**
 * A tensor that is known before any image: a weight, or part of the arithmetic of shapes. Row-major, in ONNX's own order of axes.
 *
 * <p>Immutable. Stored weights stay in their file and are decoded whenever they are read.
 */
public final class Constant {

    /** Elements: 2 GiB of float. */
    private static final long MOST = Integer.MAX_VALUE / Float.BYTES;

    /** Elements that are looked through at a time. */
    private static final int PART = 1 << 16;

    private final ElementType type;
    private final int[] dims;
    private final int size;
    private final Elements elements;

    private Constant(ElementType type, int[] dims, Elements elements) {
        this.type = type;
        this.dims = dims.clone();
        this.size = size(dims);
        this.elements = elements;
    }

    /** Returns the number of elements of a tensor; throws if there are too many or an axis is negative. */
    public static int size(int... dims) {
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException(
                        "a tensor of " + Arrays.toString(dims) + ": no axis may be negative");
            }
            product *= dim;
            if (product > MOST) {
                throw new IllegalArgumentException(
                        "a tensor of " + Arrays.toString(dims) + " has more than " + MOST + " elements");
            }
        }
        return (int) product;
    }

    /**
     * Refuses to compute more floats than a quarter of the heap holds: a few bytes of a file can ask for any number.
     *
     * @throws IllegalArgumentException if there are too many
     */
    public static void requireRoom(long floats) {
        long most = Runtime.getRuntime().maxMemory() / 4 / Float.BYTES;
        if (floats > most) {
            throw new IllegalArgumentException(
                    "it computes " + floats + " numbers; expected at most " + most + ", for which this JVM has memory");
        }
    }

    /** Returns the bytes of the elements in memory; 0 if they stay in a file. */
    public long bytes() {
        return elements.bytes();
    }

    /** Returns a constant of floats, which are not copied. */
    public static Constant of(ElementType type, int[] dims, float[] numbers) {
        return new Constant(type, dims, new Elements.Floats(numbers));
    }

    /** Returns a constant of doubles, which are not copied. */
    public static Constant of(ElementType type, int[] dims, double[] numbers) {
        return new Constant(type, dims, new Elements.Doubles(numbers));
    }

    /** Returns a constant that stays where it is stored. */
    static Constant stored(ElementType type, int[] dims, StoredBytes bytes) {
        return new Constant(type, dims, new Elements.Stored(type, bytes));
    }

    /** Returns a constant whose elements are computed; each is rounded to the type. */
    public static Constant computed(ElementType type, int[] dims, IntToDoubleFunction element) {
        int size = size(dims);
        requireRoom(type.fitsFloat() ? size : 2L * size);
        if (type.fitsFloat()) {
            float[] floats = new float[size];
            for (int i = 0; i < size; i++) {
                floats[i] = (float) element.applyAsDouble(i);
            }
            return of(type, dims, floats);
        }
        double[] doubles = new double[size];
        for (int i = 0; i < size; i++) {
            doubles[i] = type.held(element.applyAsDouble(i));
        }
        return of(type, dims, doubles);
    }

    /** Returns a vector of integers, as shapes are. */
    public static Constant vector(int... numbers) {
        return computed(ElementType.INT64, new int[] {numbers.length}, i -> numbers[i]);
    }

    /** Returns a single integer. */
    public static Constant scalar(long number) {
        return computed(ElementType.INT64, new int[0], i -> number);
    }

    public ElementType type() {
        return type;
    }

    /** Returns a copy of the axes' sizes. */
    public int[] dims() {
        return dims.clone();
    }

    public int rank() {
        return dims.length;
    }

    public int dim(int axis) {
        return dims[axis];
    }

    public int size() {
        return size;
    }

    /** Returns an element by its place in row-major order. */
    public double at(int index) {
        return elements.at(index);
    }

    /**
     * Returns all elements as floats.
     *
     * @return not copied if they are floats in memory, so do not modify them; otherwise read again on each call
     */
    public float[] floats() {
        return elements instanceof Elements.Floats held ? held.numbers() : elements.floats(0, size);
    }

    /** Returns some elements, from a place in row-major order on, as floats in a new array. */
    public float[] floats(int first, int count) {
        return elements.floats(first, count);
    }

    /** Returns the first element that is NaN or infinite as a float. */
    public OptionalDouble notFinite() {
        for (int first = 0; first < size; first += PART) {
            for (float number : elements.floats(first, Math.min(PART, size - first))) {
                if (!Float.isFinite(number)) {
                    return OptionalDouble.of(number);
                }
            }
        }
        return OptionalDouble.empty();
    }

    /** Returns all elements as integers that fit 32 bits; those beyond (as "to the end" is written) become the nearest. */
    public int[] ints() {
        int[] ints = new int[size];
        for (int i = 0; i < size; i++) {
            // A cast from double saturates.
            ints[i] = (int) at(i);
        }
        return ints;
    }

    /** Whether all elements are the same number. */
    public boolean isUniform() {
        for (int i = 1; i < size; i++) {
            if (at(i) != at(0)) {
                return false;
            }
        }
        return size > 0;
    }

    /** Returns the same elements with other axes. */
    public Constant reshaped(int... others) {
        if (size(others) != size) {
            throw new IllegalArgumentException(
                    "a reshape of " + Arrays.toString(dims) + " to " + Arrays.toString(others) + " loses elements");
        }
        return new Constant(type, others, elements);
    }

    /** Returns the same elements as those of another type, which holds every element of this one. */
    public Constant as(ElementType other) {
        return new Constant(other, dims, elements);
    }

    /** For messages: {@code FLOAT[64, 3, 7, 7]}. */
    @Override
    public String toString() {
        return type + Arrays.toString(dims);
    }
}
