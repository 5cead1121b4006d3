/**
 * Picks the engine that runs a network here: oneDNN, ND4J or DL4J's layers.
 *
 * <p>In comes a plan or a graph with the application's settings, out goes a running {@link org.cam4j.engine.Engine}.
 */
package org.cam4j.engine.choice;
