/**
 * Engines run a network on images and hold what comes out where it was computed.
 *
 * <p>In goes a batch of preprocessed images [n, h, w, c]; out come {@link org.cam4j.engine.Values}, the plan's
 * outputs that were asked for. An engine knows nothing of Keras files, photos or class names.
 */
package org.cam4j.engine;
