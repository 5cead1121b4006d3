/**
 * The inference plan: a classifier's network as a short list of operations on numbered values, independent of layers, training
 * and file formats.
 *
 * <p>Input: steps added to a {@link org.cam4j.plan.PlanBuilder}, usually by {@code org.cam4j.dl4j.graph.GraphPlanner}. The passes
 * fold, fuse and drop what inference does not need. Output: an immutable {@link org.cam4j.plan.InferencePlan}, which any engine can
 * run. A plan describes one image, [h, w, c] floats; each engine chooses its own memory layout.
 */
package org.cam4j.plan;
