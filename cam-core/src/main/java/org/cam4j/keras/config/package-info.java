/**
 * Model configurations.
 *
 * <p>In comes the JSON of Keras 1, 2 or 3, read within limits. Out comes a flat graph of layers with nested models inlined; every layer has
 * Keras 2's settings and the address of its weights. Internal: applications use {@link org.cam4j.keras.KerasModels}.
 */
package org.cam4j.keras.config;
