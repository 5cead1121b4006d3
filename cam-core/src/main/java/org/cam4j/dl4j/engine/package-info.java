/**
 * Runs networks on any backend of ND4J: plans with ND4J's operations, and graphs that no plan can express with DL4J's layers.
 *
 * <p>Input: a plan or a graph. Output: activations, which stay on the backend's device until a map is requested.
 */
package org.cam4j.dl4j.engine;
