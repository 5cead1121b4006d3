/**
 * Passes that rewrite a plan into one that computes the same with less.
 *
 * <p>In comes an {@link org.cam4j.plan.InferencePlan}, out goes another; {@link org.cam4j.plan.pass.PlanPass} applies all in their order.
 */
package org.cam4j.plan.pass;
