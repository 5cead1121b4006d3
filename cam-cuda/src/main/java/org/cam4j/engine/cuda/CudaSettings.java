package org.cam4j.engine.cuda;

import java.util.Arrays;
import java.util.Locale;

/**
 * Settings of the engine beyond those of every engine.
 *
 * @param device the GPU's number, as CUDA counts those that are visible
 * @param precision how numbers are stored and multiplied
 * @param isTuned whether convolutions are timed and the fastest is taken. Then results may differ in their last bits from one start to
 *     the next
 */
public record CudaSettings(int device, Precision precision, boolean isTuned) {

    private static final String PREFIX = "cam4j.cuda.";

    /** Checks the number. */
    public CudaSettings {
        if (device < 0) {
            throw new IllegalArgumentException("GPU " + device + ": expected 0 or more");
        }
    }

    /**
     * Returns the default: the first GPU, {@link Precision#EXACT}, not tuned.
     *
     * @return the settings
     */
    public static CudaSettings standard() {
        return new CudaSettings(0, Precision.EXACT, false);
    }

    /**
     * Returns the settings of the system properties {@code cam4j.cuda.device}, {@code cam4j.cuda.precision} and
     * {@code cam4j.cuda.tuned}; the default for those that are not set.
     *
     * @return the settings
     * @throws IllegalArgumentException if a property has another value than it may have
     */
    public static CudaSettings ofSystemProperties() {
        return new CudaSettings(
                device(System.getProperty(PREFIX + "device", "0")),
                precision(System.getProperty(PREFIX + "precision", Precision.EXACT.name())),
                Boolean.getBoolean(PREFIX + "tuned"));
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

    /**
     * Returns the same settings with another precision.
     *
     * @param other how numbers are stored and multiplied
     * @return new settings
     */
    public CudaSettings withPrecision(Precision other) {
        return new CudaSettings(device, other, isTuned);
    }
}
