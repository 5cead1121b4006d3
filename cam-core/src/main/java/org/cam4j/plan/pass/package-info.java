/**
 * Passes that rewrite a plan into an equivalent one with fewer or cheaper steps.
 *
 * <p>Each pass takes an {@link org.cam4j.plan.InferencePlan} and returns one; {@link org.cam4j.plan.pass.PlanPass} applies all in order.
 */
package org.cam4j.plan.pass;
