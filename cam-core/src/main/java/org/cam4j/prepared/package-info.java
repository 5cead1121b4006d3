/**
 * Prepared models: everything that explains photos in one file, ready to be used where it lies.
 *
 * <p>In comes a plan with what its engine packed, how photos are prepared and what the classes are called; out goes a file of
 * checksummed sections, and from such a file the same again, its weights mapped into memory and not copied. Files are not
 * trusted: whatever is in one, the answer is a model or a {@link org.cam4j.exception.ModelFileException}.
 */
package org.cam4j.prepared;
