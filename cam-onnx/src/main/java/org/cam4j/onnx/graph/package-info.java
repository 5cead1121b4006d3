/**
 * A model's graph: nodes in order, functions inlined, constants decoded when they are read.
 *
 * <p>In comes a message; out goes a {@link org.cam4j.onnx.graph.Graph} or a refusal.
 */
package org.cam4j.onnx.graph;
