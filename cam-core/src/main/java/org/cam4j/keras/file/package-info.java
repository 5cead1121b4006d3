/**
 * The formats of Keras' files.
 *
 * <p>In comes a file: HDF5, a {@code .keras} archive or the folder of one; out come its configuration and the weights of each layer, or what
 * the file is instead. Not for applications: {@link org.cam4j.keras.KerasModels} is.
 */
package org.cam4j.keras.file;
