/**
 * Makes a plan of a graph: what each operator means, and in which order a value has its axes.
 *
 * <p>In comes a graph; out goes a {@link org.cam4j.onnx.translation.Translation} or a refusal that names all nodes in the way.
 */
package org.cam4j.onnx.translation;
