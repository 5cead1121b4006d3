package org.cam4j.keras.config;

/**
 * How much of a configuration is read.
 *
 * @param bytes its size
 * @param depth how deep its JSON may be nested
 * @param layers how many layers, those of nested models counted with each use
 */
public record ConfigLimits(int bytes, int depth, int layers) {}
