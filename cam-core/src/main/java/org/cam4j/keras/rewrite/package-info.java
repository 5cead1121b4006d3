/**
 * Layers that are written as others.
 *
 * <p>In comes a graph with functions, sequences, channels first, dropout and heads in many spellings; out comes one of fewer kinds of layers
 * that computes the same. Not for applications: {@link org.cam4j.keras.KerasModels} is.
 */
package org.cam4j.keras.rewrite;
