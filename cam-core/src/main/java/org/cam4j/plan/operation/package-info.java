/**
 * What a step of a plan computes, one record each, sealed in {@link org.cam4j.plan.operation.Operation}.
 *
 * <p>In come the sizes of the values that a step reads, out goes the size of the one that it makes; weights are plain arrays. Nothing
 * here computes.
 */
package org.cam4j.plan.operation;
