/**
 * Rewrites layers as equivalent layers.
 *
 * <p>In comes a graph with functions, sequences, channels first, dropout and heads in many spellings. Out comes a graph with fewer kinds of
 * layers that computes the same. Internal: applications use {@link org.cam4j.keras.KerasModels}.
 */
package org.cam4j.keras.rewrite;
