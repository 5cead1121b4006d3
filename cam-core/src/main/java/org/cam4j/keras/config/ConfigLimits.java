package org.cam4j.keras.config;

/**
 * Limits of a configuration.
 *
 * @param bytes most bytes
 * @param depth deepest nesting of the JSON
 * @param layers most layers; those of nested models count once for each use
 */
public record ConfigLimits(int bytes, int depth, int layers) {}
