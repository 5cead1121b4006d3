/**
 * ONNX image classifiers as plans.
 *
 * <p>In comes a file; out goes an {@link org.cam4j.plan.InferencePlan}, of which cam-core explains photos.
 */
package org.cam4j.onnx;
