/**
 * The inference plan: a classifier's network as a short list of operations on numbered values, with nothing left of layers,
 * training or file formats.
 *
 * <p>In comes what {@link org.cam4j.plan.PlanBuilder} is told, usually by {@code org.cam4j.dl4j.graph.GraphPlanner}; the passes
 * fold, fuse and drop what inference does not need; out goes an immutable {@link org.cam4j.plan.InferencePlan} that any
 * engine can run. Values are single images [h, w, c] of floats; how they lie in memory is the engine's business.
 */
package org.cam4j.plan;
