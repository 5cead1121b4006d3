/**
 * The front door: what an application imports.
 *
 * <p>A {@link org.cam4j.ClassActivationMapper} is built from a Keras file or a DL4J graph and explains photos; an
 * {@link org.cam4j.Explanation} holds the {@link org.cam4j.Prediction}s and the {@link org.cam4j.ActivationMap} of any
 * class. Boxes are in {@link org.cam4j.localization}, pictures in {@link org.cam4j.render}.
 */
package org.cam4j;
