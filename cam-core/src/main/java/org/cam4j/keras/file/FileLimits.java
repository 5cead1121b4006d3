package org.cam4j.keras.file;

import org.cam4j.keras.config.ConfigLimits;

/**
 * Limits of a file.
 *
 * @param config limits of the configuration
 * @param entryBytes most bytes of one unpacked entry of a {@code .keras} file
 * @param entryRatio largest ratio of an entry's unpacked size to its packed size
 */
public record FileLimits(ConfigLimits config, long entryBytes, int entryRatio) {}
