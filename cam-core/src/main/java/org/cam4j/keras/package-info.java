/**
 * From a Keras file to a DL4J graph.
 *
 * <p>In comes the path of a model that Keras saved; out comes an inference-ready
 * {@link org.deeplearning4j.nn.graph.ComputationGraph} in Keras' own layout [n, h, w, c]. On the way an archive gives
 * configuration and weights, the configuration becomes a flat {@code LayerGraph}, every shape is inferred and compared with
 * what the file holds before anything is built, and what has no effect at inference is dropped.
 */
package org.cam4j.keras;
