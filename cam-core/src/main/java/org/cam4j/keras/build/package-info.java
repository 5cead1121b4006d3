/**
 * Builds DL4J graphs from graphs of Keras layers.
 *
 * <p>In comes a flat graph; out comes the DL4J graph with its weights. Before anything is built, shapes are inferred and compared with the
 * weights in the file. Internal: applications use {@link org.cam4j.keras.KerasModels}.
 */
package org.cam4j.keras.build;
