package org.cam4j.keras.build;

/**
 * How many weights are read.
 *
 * @param tensorElements values in one tensor
 * @param totalElements values in all tensors of the model together
 */
public record WeightLimits(long tensorElements, long totalElements) {}
