/**
 * Networks written as Keras models.
 *
 * <p>In comes a DL4J graph of layers that Keras has; out go {@code .h5} files, which Keras 2 and 3 load, and {@code .keras} files,
 * which Keras 3 loads. {@link org.cam4j.training.export.KerasExport} is the entrance; what Keras has no layer for is refused by name.
 */
package org.cam4j.training.export;
