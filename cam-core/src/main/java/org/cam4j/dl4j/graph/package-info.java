/**
 * Reads the structure of a DL4J graph: where the last convolution, the pooling and the classes' weights are.
 *
 * <p>In comes any {@link org.deeplearning4j.nn.graph.ComputationGraph}, imported from Keras or built in DL4J; out goes a
 * {@link org.cam4j.dl4j.graph.GapClassifier}, or a refusal that names the layers in the way.
 */
package org.cam4j.dl4j.graph;
