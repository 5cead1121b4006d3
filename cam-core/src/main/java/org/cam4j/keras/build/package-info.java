/**
 * From a graph of layers to DL4J.
 *
 * <p>In comes a flat graph; shapes are inferred and compared with the weights in the file before anything is built; out comes the graph of
 * DL4J, filled. Not for applications: {@link org.cam4j.keras.KerasModels} is.
 */
package org.cam4j.keras.build;
