package org.cam4j.keras.file;

import org.cam4j.keras.config.ConfigLimits;

/**
 * How much of a file is read.
 *
 * @param config of its configuration
 * @param entryBytes the size of one unpacked entry of a {@code .keras} file
 * @param entryRatio how many times larger than its packed form an entry may be
 */
public record FileLimits(ConfigLimits config, long entryBytes, int entryRatio) {}
