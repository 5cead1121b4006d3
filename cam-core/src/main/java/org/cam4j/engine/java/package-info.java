/**
 * An engine in plain Java: every operation of a plan as loops over arrays, on any platform and without native libraries.
 *
 * <p>{@link org.cam4j.engine.java.JavaEngine} runs an {@link org.cam4j.plan.InferencePlan}: it keeps values in single precision and adds
 * up in double precision. {@link org.cam4j.engine.java.OperationDefinition} defines the operations in double precision throughout; tests
 * compare the other engines with it.
 */
package org.cam4j.engine.java;
