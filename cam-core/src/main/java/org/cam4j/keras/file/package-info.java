/**
 * File formats of Keras.
 *
 * <p>In comes a file: HDF5, a {@code .keras} archive, or an unpacked one as a folder. Out come the configuration and the weights of each
 * layer; for any other file, the name of its format. Internal: applications use {@link org.cam4j.keras.KerasModels}.
 */
package org.cam4j.keras.file;
