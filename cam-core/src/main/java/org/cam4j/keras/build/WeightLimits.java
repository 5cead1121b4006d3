package org.cam4j.keras.build;

/**
 * Limits of the weights.
 *
 * @param tensorElements most values in one tensor
 * @param totalElements most values in all tensors of the model together
 */
public record WeightLimits(long tensorElements, long totalElements) {}
