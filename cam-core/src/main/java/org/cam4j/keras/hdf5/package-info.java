/**
 * The numbers in a Keras file.
 *
 * <p>In come the bytes of an HDF5 file, checked before the reader of HDF5 sees what it would not survive; out come tensors of known shape,
 * whose float32 values are read when they are asked for, and what LoRA adds to them. Not for applications: {@link org.cam4j.keras.KerasModels} is.
 */
package org.cam4j.keras.hdf5;
