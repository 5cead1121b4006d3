package org.cam4j.onnx.translation;

/**
 * Where a plan has a graph's tensor.
 *
 * @param value the number of the plan's value; not in a plan that does not need it
 * @param dims ONNX's sizes for one image; do not modify
 * @param order ONNX's axes in the order in which the value has them, slowest first; do not modify
 */
public record Place(int value, int[] dims, int[] order) {}
