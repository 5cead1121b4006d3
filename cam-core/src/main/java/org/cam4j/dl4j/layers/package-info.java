/**
 * Layers and vertices that Keras has and DL4J lacks, for maps [n, h, w, c] and vectors [n, c].
 *
 * <p>They are ordinary members of a DL4J graph: they survive {@link org.deeplearning4j.util.ModelSerializer}, compute exact
 * gradients, and keep nothing between calls. Each is an immutable configuration and names its own operations in a plan.
 */
package org.cam4j.dl4j.layers;
