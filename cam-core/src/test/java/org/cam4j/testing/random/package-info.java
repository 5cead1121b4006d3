/**
 * Random plans, and what runs them on an engine in a process of its own.
 *
 * <p>In comes a seed; out go the plans on which an engine differs from {@link org.cam4j.testing.reference} by more than rounding,
 * throws, hangs or takes the JVM down, each shrunk.
 */
package org.cam4j.testing.random;
