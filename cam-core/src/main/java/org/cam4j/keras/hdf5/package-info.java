/**
 * Tensors in HDF5 files.
 *
 * <p>In come the bytes of an HDF5 file; structures that would hang or crash jHDF are refused first. Out come tensors of known shape, with
 * LoRA's updates; their float32 values are read on demand. Internal: applications use {@link org.cam4j.keras.KerasModels}.
 */
package org.cam4j.keras.hdf5;
