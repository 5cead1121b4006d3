/**
 * Computes the nodes that depend on no image.
 *
 * <p>In come a node and {@link org.cam4j.onnx.graph.Constant}s; out go constants.
 */
package org.cam4j.onnx.folding;
