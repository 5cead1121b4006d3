/**
 * Reads the structure of a DL4J graph: where the last convolution, the pooling and the classes' weights are.
 *
 * <p>Input: any {@link org.deeplearning4j.nn.graph.ComputationGraph}, imported from Keras or built in DL4J. Output: a
 * {@link org.cam4j.dl4j.graph.GapClassifier}, or an exception that names the layers that prevent a class activation map.
 */
package org.cam4j.dl4j.graph;
