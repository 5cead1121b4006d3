/**
 * Plans as ONNX graphs, with the map as one more output.
 *
 * <p>In comes a classifier's plan; out goes a message of ONNX's schema, opset 17.
 */
package org.cam4j.onnx.export;
