/**
 * What a plan means, in plain Java and double precision: the reference of the tests that compare engines, independent of all of
 * them.
 *
 * <p>In comes an {@link org.cam4j.plan.InferencePlan} and an image; out go all its values, and how far a computation in single
 * precision may be from them.
 */
package org.cam4j.testing.reference;
