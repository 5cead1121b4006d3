package org.cam4j.engine.cuda;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of the engine beyond those of every engine.
 *
 * @param device the GPU's number, as CUDA counts those that are visible
 * @param precision how numbers are stored and multiplied
 * @param isTuned whether convolutions are timed and the fastest is taken. Then results may differ in their last bits from one start to
 *     the next
 * @param maxBytes bytes that all engines of the process may hold on the GPU together, at most, without what NVIDIA's libraries take;
 *     positive
 * @param joins whether calls of one image that wait for the GPU are run together in a batch. Then results may differ in their last bits
 *     from one call to the next, as batches of other sizes do
 * @param isApart whether each value has an allocation of its own, so that tools such as compute-sanitizer find accesses beyond it; for
 *     looking for faults, takes more memory
 */
public record CudaSettings(
        int device, Precision precision, boolean isTuned, long maxBytes, boolean joins, boolean isApart) {

    private static final String PREFIX = "cam4j.cuda.";

    /** The system property of {@link #maxBytes}. */
    static final String MEMORY = PREFIX + "memory";

    private static final Pattern BYTES = Pattern.compile("([0-9]{1,15})([kmg]?)");

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the GPU's number is negative or the limit is not positive
     */
    public CudaSettings {
        if (device < 0) {
            throw new IllegalArgumentException("GPU " + device + ": expected 0 or more");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException(maxBytes + " bytes on the GPU: expected 1 or more");
        }
    }

    /**
     * Returns the default: the first GPU, {@link Precision#EXACT}, not tuned, all memory that is free, each call by itself.
     *
     * @return the settings
     */
    public static CudaSettings standard() {
        return new CudaSettings(0, Precision.EXACT, false, Long.MAX_VALUE, false, false);
    }

    /**
     * Returns the settings of the system properties {@code cam4j.cuda.device}, {@code .precision}, {@code .tuned}, {@code .memory} (a
     * number of bytes, or with k, m or g behind it), {@code .join} and {@code .apart}; the default for those that are not set.
     *
     * @return the settings
     * @throws IllegalArgumentException if a property has another value than it may have
     */
    public static CudaSettings ofSystemProperties() {
        String memory = System.getProperty(MEMORY);
        return new CudaSettings(
                device(System.getProperty(PREFIX + "device", "0")),
                precision(System.getProperty(PREFIX + "precision", Precision.EXACT.name())),
                isSet("tuned"),
                memory == null ? Long.MAX_VALUE : bytes(memory),
                isSet("join"),
                isSet("apart"));
    }

    private static int device(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PREFIX + "device is '" + text + "': expected a number from 0", e);
        }
    }

    private static Precision precision(String text) {
        try {
            return Precision.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    PREFIX + "precision is '" + text + "': expected one of " + Arrays.toString(Precision.values()), e);
        }
    }

    private static boolean isSet(String name) {
        String text = System.getProperty(PREFIX + name, "false");
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException(PREFIX + name + " is '" + text + "': expected true or false");
        }
        return Boolean.parseBoolean(text);
    }

    private static long bytes(String text) {
        Matcher parts = BYTES.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
            throw new IllegalArgumentException(
                    MEMORY + " is '" + text + "': expected bytes, such as 2147483648, 2048m or 2g");
        }
        int shift =
                switch (parts.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        long number = Long.parseLong(parts.group(1));
        return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
    }

    /**
     * Returns the same settings with another precision.
     *
     * @param other how numbers are stored and multiplied
     * @return new settings
     */
    public CudaSettings withPrecision(Precision other) {
        return new CudaSettings(device, other, isTuned, maxBytes, joins, isApart);
    }

    /**
     * Returns the same settings for a tuned engine.
     *
     * @return new settings
     */
    public CudaSettings tuned() {
        return new CudaSettings(device, precision, true, maxBytes, joins, isApart);
    }

    /**
     * Returns the same settings with another limit of memory.
     *
     * @param other bytes on the GPU at most
     * @return new settings
     */
    public CudaSettings withMaxBytes(long other) {
        return new CudaSettings(device, precision, isTuned, other, joins, isApart);
    }

    /**
     * Returns the same settings for an engine that runs waiting calls together.
     *
     * @return new settings
     */
    public CudaSettings joining() {
        return new CudaSettings(device, precision, isTuned, maxBytes, true, isApart);
    }

    /**
     * Returns the same settings for an engine whose values have allocations of their own.
     *
     * @return new settings
     */
    public CudaSettings apart() {
        return new CudaSettings(device, precision, isTuned, maxBytes, joins, true);
    }
}
