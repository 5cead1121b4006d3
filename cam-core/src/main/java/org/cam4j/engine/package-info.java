/**
 * Engines: each runs a network on images and keeps the outputs where they were computed.
 *
 * <p>Input: a batch of preprocessed images [n, h, w, c]. Output: {@link org.cam4j.engine.Values}, the requested outputs of the plan.
 * Engines do not depend on Keras files, photos or class names.
 */
package org.cam4j.engine;
