package org.cam4j.keras;

import org.cam4j.keras.build.WeightLimits;
import org.cam4j.keras.config.ConfigLimits;
import org.cam4j.keras.file.FileLimits;

/**
 * How much of a file is read before it is taken for hostile. The standard limits are several times what the largest
 * classifiers of Keras need.
 *
 * @param configBytes the size of the model's configuration
 * @param configDepth how deep its JSON may be nested
 * @param layers how many layers, those of nested models counted with each use
 * @param tensorElements values in one tensor
 * @param totalElements values in all tensors of the model together
 * @param entryBytes the size of one unpacked entry of a {@code .keras} file
 * @param entryRatio how many times larger than its packed form an entry may be
 * @param fileBytes bytes that are taken from a stream
 */
public record ReadLimits(
        int configBytes,
        int configDepth,
        int layers,
        long tensorElements,
        long totalElements,
        long entryBytes,
        int entryRatio,
        int fileBytes) {

    private static final ReadLimits STANDARD =
            new ReadLimits(32 << 20, 200, 5_000, 1L << 29, 1L << 30, Integer.MAX_VALUE, 200, Integer.MAX_VALUE - 8);

    /** Checks that each is positive. */
    public ReadLimits {
        if (configBytes < 1
                || configDepth < 1
                || layers < 1
                || tensorElements < 1
                || totalElements < 1
                || entryBytes < 1
                || entryRatio < 1
                || fileBytes < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /**
     * 32 MiB of configuration 200 deep, 5,000 layers, half a billion values in a tensor and a billion in the model, 2 GiB in a
     * file or an entry, entries packed to a two-hundredth at most.
     *
     * @return the limits that hold unless others are given
     */
    public static ReadLimits standard() {
        return STANDARD;
    }

    /**
     * Other limits for the configuration.
     *
     * @param bytes its size
     * @param depth how deep it may be nested
     * @param layers how many layers it may have
     * @return these limits otherwise
     */
    public ReadLimits withConfig(int bytes, int depth, int layers) {
        return new ReadLimits(bytes, depth, layers, tensorElements, totalElements, entryBytes, entryRatio, fileBytes);
    }

    /**
     * Other limits for the weights.
     *
     * @param tensorElements values in one tensor
     * @param totalElements values in all tensors
     * @return these limits otherwise
     */
    public ReadLimits withElements(long tensorElements, long totalElements) {
        return new ReadLimits(
                configBytes, configDepth, layers, tensorElements, totalElements, entryBytes, entryRatio, fileBytes);
    }

    /**
     * Other limits for the entries of a {@code .keras} file.
     *
     * @param bytes the unpacked size of one
     * @param ratio how many times larger than its packed form it may be
     * @return these limits otherwise
     */
    public ReadLimits withEntries(long bytes, int ratio) {
        return new ReadLimits(configBytes, configDepth, layers, tensorElements, totalElements, bytes, ratio, fileBytes);
    }

    ConfigLimits config() {
        return new ConfigLimits(configBytes, configDepth, layers);
    }

    FileLimits files() {
        return new FileLimits(config(), entryBytes, entryRatio);
    }

    WeightLimits weights() {
        return new WeightLimits(tensorElements, totalElements);
    }

    /**
     * Another limit for streams.
     *
     * @param bytes how many are taken from one
     * @return these limits otherwise
     */
    public ReadLimits withFileBytes(int bytes) {
        return new ReadLimits(
                configBytes, configDepth, layers, tensorElements, totalElements, entryBytes, entryRatio, bytes);
    }
}
