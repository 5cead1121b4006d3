/**
 * Runs the methods of {@link org.cam4j.explain} on plans: {@link org.cam4j.explain.network.ExplainedNetwork} cuts a plan at the layers that
 * are asked for, starts engines for the part behind a layer and for the way back, and gives each image as an
 * {@link org.cam4j.explain.ExplainedImage}.
 */
package org.cam4j.explain.network;
