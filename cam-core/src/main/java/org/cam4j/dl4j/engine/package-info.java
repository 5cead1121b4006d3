/**
 * Runs networks on ND4J, whatever its backend: plans with ND4J's own operations, and graphs that no plan can express with DL4J's
 * layers.
 *
 * <p>In goes a plan or a graph; out come activations that stay on the backend's device until a map is asked for.
 */
package org.cam4j.dl4j.engine;
