/**
 * The operations of a plan's steps: one record each, sealed in {@link org.cam4j.plan.operation.Operation}.
 *
 * <p>Input: the sizes of the values that a step reads. Output: the size of its result. Weights are plain arrays. This package only
 * describes operations; engines compute them.
 */
package org.cam4j.plan.operation;
