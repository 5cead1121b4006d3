/**
 * Training of a network for classes of your own: new heads, training, and export to Keras.
 *
 * <p>In come graphs and folders of photos; {@link org.cam4j.training.GapHead} and {@link org.cam4j.training.VggGap} replace the end
 * of a network, {@link org.cam4j.training.GapNetwork} chooses among its classes and goes to files and back, and
 * {@link org.cam4j.training.PhotoTraining} trains the head, or the last layers too, on what the fast engine makes of the photos.
 * Out come graphs that a {@link org.cam4j.ClassActivationMapper} explains.
 */
package org.cam4j.training;
