package org.cam4j.engine.cuda;

/**
 * Where the numbers of a convolution or dense layer lie on the GPU.
 *
 * @param x read
 * @param weights in the order that the layout wants
 * @param bias in float
 * @param storedBias as values are stored
 * @param residual added before the activation, or 0
 * @param y written
 */
record Operands(long x, long weights, long bias, long storedBias, long residual, long y) {}
