/**
 * What the layers of Keras mean.
 *
 * <p>In come a layer's configuration and the shapes of its inputs; out come why it cannot be built exactly, the shapes of its output and
 * weights, and the DL4J layer with its parameters. Not for applications: {@link org.cam4j.keras.KerasModels} is.
 */
package org.cam4j.keras.kind;
