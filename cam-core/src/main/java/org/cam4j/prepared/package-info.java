/**
 * Prepared models: one file with everything that is needed to explain photos, mapped into memory without copying.
 *
 * <p>In comes a plan with its packed weights, the preparation of photos and the names of the classes; out goes a file of checksummed
 * sections. Reading the file gives the same parts, with the weights mapped. Files are not trusted: reading any file gives a model or
 * throws a {@link org.cam4j.exception.ModelFileException}.
 */
package org.cam4j.prepared;
