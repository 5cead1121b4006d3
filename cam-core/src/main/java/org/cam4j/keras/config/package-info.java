/**
 * A model's configuration.
 *
 * <p>In comes the JSON that Keras 1, 2 or 3 wrote, within limits; out comes a flat graph of layers, nested models in place of their calls,
 * every layer with the settings that it has in Keras 2 and the address of its weights. Not for applications: {@link org.cam4j.keras.KerasModels} is.
 */
package org.cam4j.keras.config;
