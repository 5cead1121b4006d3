/**
 * Semantics of Keras' layer classes.
 *
 * <p>In come a layer's configuration and the shapes of its inputs. Out come the shapes of its output and weights and the DL4J layer with
 * its parameters, or the reason why it cannot be built exactly. Internal: applications use {@link org.cam4j.keras.KerasModels}.
 */
package org.cam4j.keras.kind;
