/**
 * Runs plans by ONNX Runtime, for processors that oneDNN has no kernels for: ARM and Apple silicon.
 *
 * <p>In comes a plan, which {@link org.cam4j.onnx.export.PlanGraph} writes as ONNX in memory, and batches of images; out go the plan's
 * outputs.
 */
package org.cam4j.engine.onnxruntime;
