/**
 * The front door: the classes that an application imports.
 *
 * <p>A {@link org.cam4j.ClassActivationMapper} is built from a Keras file, a DL4J graph, a plan or a prepared model, and explains
 * photos. An {@link org.cam4j.Explanation} holds the {@link org.cam4j.Prediction}s and the {@link org.cam4j.ActivationMap} of any
 * class. Boxes ({@link org.cam4j.localization}), pictures ({@link org.cam4j.render.overlay}) and measures are computed from the map's
 * {@link org.cam4j.PhotoMap}.
 */
package org.cam4j;
