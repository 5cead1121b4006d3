/**
 * Reads Keras files into DL4J graphs.
 *
 * <p>In comes a model that Keras saved; out comes an inference-ready {@link org.deeplearning4j.nn.graph.ComputationGraph} in Keras'
 * layout [n, h, w, c]. An archive gives the configuration and the weights; the configuration becomes a flat {@code LayerGraph}. Every
 * shape is inferred and compared with the file before anything is built, and layers without effect at inference are dropped.
 */
package org.cam4j.keras;
