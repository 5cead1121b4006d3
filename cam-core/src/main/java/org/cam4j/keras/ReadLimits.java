package org.cam4j.keras;

import java.io.IOException;
import java.io.InputStream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.build.WeightLimits;
import org.cam4j.keras.config.ConfigLimits;
import org.cam4j.keras.file.FileLimits;

/**
 * Limits beyond which a file is refused as hostile. The standard limits are several times what Keras' largest classifiers need.
 *
 * @param configBytes most bytes of the model's configuration
 * @param configDepth deepest nesting of the configuration's JSON
 * @param layers most layers; those of nested models count once for each use
 * @param tensorElements most values in one tensor
 * @param totalElements most values in all tensors of the model together
 * @param entryBytes most bytes of one unpacked entry of a {@code .keras} file
 * @param entryRatio largest ratio of an entry's unpacked size to its packed size
 * @param fileBytes most bytes read from a stream
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
     * Returns the default limits: a configuration of 32 MiB nested 200 deep, 5,000 layers, 2^29 values in a tensor and 2^30 in the
     * model, 2 GiB in a stream or an entry, and entries at most 200 times their packed size.
     *
     * @return the default limits
     */
    public static ReadLimits standard() {
        return STANDARD;
    }

    /**
     * Sets the limits of the configuration.
     *
     * @param bytes most bytes
     * @param depth deepest nesting of the JSON
     * @param layers most layers
     * @return a copy with the new limits
     */
    public ReadLimits withConfig(int bytes, int depth, int layers) {
        return new ReadLimits(bytes, depth, layers, tensorElements, totalElements, entryBytes, entryRatio, fileBytes);
    }

    /**
     * Sets the limits of the weights.
     *
     * @param tensorElements most values in one tensor
     * @param totalElements most values in all tensors
     * @return a copy with the new limits
     */
    public ReadLimits withElements(long tensorElements, long totalElements) {
        return new ReadLimits(
                configBytes, configDepth, layers, tensorElements, totalElements, entryBytes, entryRatio, fileBytes);
    }

    /**
     * Sets the limits of the entries of a {@code .keras} file.
     *
     * @param bytes most bytes of one unpacked entry
     * @param ratio largest ratio of an entry's unpacked size to its packed size
     * @return a copy with the new limits
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
     * Reads a stream to its end.
     *
     * @param stream not closed
     * @return its bytes
     * @throws ModelFileException if it has more than {@link #fileBytes()}
     * @throws IOException if it cannot be read
     */
    public byte[] content(InputStream stream) throws IOException {
        byte[] content = stream.readNBytes(fileBytes);
        if (content.length == fileBytes && stream.read() >= 0) {
            throw new ModelFileException("it has more than the " + fileBytes
                    + " bytes that are read from a stream. If it is sound, raise the limit.");
        }
        return content;
    }

    /**
     * Sets the limit of streams.
     *
     * @param bytes most bytes read from one stream
     * @return a copy with the new limit
     */
    public ReadLimits withFileBytes(int bytes) {
        return new ReadLimits(
                configBytes, configDepth, layers, tensorElements, totalElements, entryBytes, entryRatio, bytes);
    }
}
